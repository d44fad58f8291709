"""The pages that the dashboard is measured against; each is run by Streamlit."""
