"""The first page of an empty warehouse: three ways to the first figures."""

import shlex
from pathlib import Path

import streamlit as st

from app.components.first_answer import promise_first_answer
from app.components.job_status import begin, running_job
from app.components.upload import show_upload
from app.jobs import start_demo

LITELLM = """\
litellm_settings:
  callbacks: ["tollbook"]
callback_settings:
  tollbook:
    callback_type: generic_api
    endpoint: http://127.0.0.1:4318/litellm
    headers: {"Content-Type": "application/json"}
    max_retries: 5
    retry_delay: 1"""
TRACES = """\
export OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://127.0.0.1:4318/v1/traces
export OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf
export OTEL_METRICS_EXPORTER=none OTEL_LOGS_EXPORTER=none"""
RECORDER = """\
import openai
import tollbook_capture

client = tollbook_capture.record(openai.OpenAI(), directory="captured")"""


def show_welcome(root: Path) -> None:
    """Greet whoever opens an empty warehouse: the demo, a log of their own, or what sends calls by itself."""
    promise_first_answer()
    st.header("Nothing is loaded yet")
    st.markdown("Three ways to your first figures. Nothing leaves this machine, and no prompt or key is stored.")
    demo, log = st.columns((1, 2), gap="small")
    with demo.container(border=True, height="stretch"):
        _offer_demo(root)
    with log:
        show_upload(root, sellers=())
    with st.container(border=True):
        _show_connect(root.resolve())


def _offer_demo(root: Path) -> None:
    st.header("Look around with the demo")
    st.markdown(
        "Made-up traffic of 30,000 calls, with invoices, outcomes, budgets and plans. It says everywhere that it is a "
        "demo, and it can be taken out again."
    )
    busy = running_job() is not None
    if st.button("Load the demo", type="primary", icon=":material/science:", disabled=busy, width="stretch"):
        begin(start_demo(root))
        st.rerun()
    st.caption("On the command line: `tollbook demo`.")


def _show_connect(root: Path) -> None:
    """What to copy so that calls come by themselves, with this warehouse's own path."""
    st.header("Connect what makes the calls")
    st.markdown("Leave the command running: this page shows figures as soon as the first call is loaded.")
    tollbook = f"tollbook --warehouse {shlex.quote(str(root))}"
    watch, litellm, traces, program = st.tabs(["A folder of logs", "LiteLLM", "OpenTelemetry", "Your own program"])
    with watch:
        st.markdown("Reads every log in a folder, now and as it grows; plain, gzip or zstd.")
        st.code(f"{tollbook} watch /var/log/llm", language="sh", wrap_lines=True)
    with litellm:
        st.markdown("Start the receiver, then add this to the proxy's `config.yaml`.")
        st.code(f"{tollbook} collect", language="sh", wrap_lines=True)
        st.code(LITELLM, language="yaml")
    with traces:
        st.markdown("Start the receiver, then set these where your program runs.")
        st.code(f"{tollbook} collect", language="sh", wrap_lines=True)
        st.code(TRACES, language="sh", wrap_lines=True)
    with program:
        st.markdown("One line in the program writes down each call, without its text; `pip install ./capture` first.")
        st.code(RECORDER, language="python", wrap_lines=True)
        st.code(f"{tollbook} watch captured", language="sh", wrap_lines=True)
