"""The usual way: the folium map is built anew for every selection and shown by st_folium."""

from streamlit_folium import st_folium

from bench import usual

picture = usual.ask()
st_folium(
    usual.build_map(picture, usual.IN_COMPONENT),
    height=usual.HEIGHT,
    use_container_width=True,
    returned_objects=[],
)
