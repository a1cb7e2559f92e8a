"""The browser app: its pages and their menu. Streamlit runs this file anew for every change on a page."""

from pathlib import Path

import streamlit as st
from streamlit.errors import FragmentHandledException

from app.components.notices import show_failure
from app.components.page import run_page
from app.session import warehouse_folder

ICON = Path(__file__).parent / "favicon.png"

# The folder is not called pages: Streamlit would take that for its older kind of menu, and would open a link
# to a page, as the first thing after a start, without running this file.
page = st.navigation(
    {
        "Spend": [
            st.Page("views/overview.py", title="Overview", url_path="overview", default=True),
            st.Page("views/explore.py", title="Explore", url_path="explore"),
            st.Page("views/tasks.py", title="Tasks", url_path="tasks"),
            st.Page("views/effort.py", title="Effort", url_path="effort"),
        ],
        "Plan": [
            st.Page("views/budgets.py", title="Budgets", url_path="budgets"),
            st.Page("views/forecast.py", title="Forecast", url_path="forecast"),
            st.Page("views/scenarios.py", title="Scenarios", url_path="scenarios"),
            st.Page("views/launch.py", title="Launch", url_path="launch"),
        ],
        "Evidence": [
            st.Page("views/checkup.py", title="Check-up", url_path="checkup"),
            st.Page("views/rates.py", title="Rates", url_path="rates"),
            st.Page("views/imports.py", title="Imports", url_path="imports"),
            st.Page("views/reconciliation.py", title="Reconciliation", url_path="reconciliation"),
            st.Page("views/claims.py", title="Claims", url_path="claims"),
            st.Page("views/reports.py", title="Reports", url_path="reports"),
        ],
    },
    position="top",
)
# A picture of our own: an icon by name would be fetched from outside.
st.set_page_config(page_title=f"{page.title} · Tollbook", page_icon=str(ICON), layout="wide")
st.logo(str(ICON))
try:
    run_page(page, warehouse_folder(None))
except FragmentHandledException:
    pass  # It is shown where it happened.
except Exception as error:
    show_failure(error, warehouse_folder(None))
