"""Tasks."""
import streamlit as st
st.title("Tasks")
