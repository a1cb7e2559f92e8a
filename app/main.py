"""The browser app: its pages and their menu. Streamlit runs this file anew for every change on a page."""

import logging
from pathlib import Path

import streamlit as st

from app.components.notices import show_failure
from app.session import warehouse_folder
from warehouse.errors import WarehouseError

HERE = Path(__file__).parent

page = st.navigation(
    {
        "Spend": [
            st.Page("views/overview.py", title="Overview", url_path="overview", default=True),
            st.Page("views/tasks.py", title="Tasks", url_path="tasks"),
        ],
    },
    position="top",
)
st.set_page_config(page_title=f"{page.title} · Tollbook", page_icon=str(HERE / "favicon.png"), layout="wide")
st.logo(str(HERE / "favicon.png"))
try:
    page.run()
except WarehouseError as error:
    show_failure(error, warehouse_folder(None))
except Exception as error:
    logging.getLogger("tollbook").exception("the page failed")
    show_failure(error, warehouse_folder(None))
