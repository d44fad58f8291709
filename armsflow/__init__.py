"""Documented arms flows out of Libya: from a data package to a picture.

Eight rooms, in the order of the data:

package
    A data package as it lies on disk, and every rule that it must keep.
curation
    How rows get in: forms, uploads, proposals, storage, releases.
dataset
    What is counted: typed tables and tallies of documented incidents.
selection
    What is asked: a choice of incidents, in an address, a sentence, a number.
picture
    What is drawn, decided once: lines, places, strokes, names, legend.
webmap
    A picture as an interactive map.
briefing
    A picture as files: sheets, slides, tables.
page
    The page: what a reader asks, sees and takes away.

Imports run one way, and ``words`` may be used by all:
``page → briefing → webmap → picture → selection → dataset → curation → package``; of these,
briefing and webmap know nothing of each other, and only the page and the command line know
curation.
"""
