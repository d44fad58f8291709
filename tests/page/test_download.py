"""A file that was made stays until its reader's browser has fetched it, whatever others do."""

from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from armsflow.page import download


def test_a_file_that_was_made_outlives_the_runs_of_other_readers_for_a_while(monkeypatch):
    manager = MediaFileManager(MemoryMediaFileStorage("/media"))
    button = manager.add_deferred(lambda: b"map", "image/png", "0.1")
    name = manager.execute_deferred(button).rpartition("/")[2]
    for _ in range(5):
        manager.remove_orphaned_files()
    assert manager.read_file(name).content == b"map"
    monkeypatch.setattr(download, "KEPT", -1.0)
    manager.remove_orphaned_files()
    assert manager.read_file(name) is None
