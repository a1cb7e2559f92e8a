"""Loading an evaluation on a page, taking one out, and planning one before it is run."""

import pandas as pd
import streamlit as st

from analysis.evaluation_plan import TEMPLATE, Plan, plan
from app.components.columns import right
from app.components.effort_data import offers_of, runs_entered
from app.components.entries import ask_who, attempt, show_changes
from app.components.formats import UNKNOWN, count, literal, money, plural
from app.components.page import Run
from app.components.tables import show_frame
from app.eval_file import read_eval_runs
from app.session import UserMistake
from warehouse.connection import silent
from warehouse.entries import Author
from warehouse.eval_runs import EvalRun, remove_eval_runs, store_eval_runs

ACT = "effort_act"
MOST_MB = 20


def show_entry(run: Run) -> None:
    """The ways in and out."""
    entered = sorted({each.run_set for each in runs_entered(run)})
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Load an evaluation", icon=":material/upload_file:", on_click=_ask, args=("load",))
        if entered:
            st.button("Remove an evaluation", icon=":material/delete:", on_click=_ask, args=("remove",))
    act = st.session_state.get(ACT)
    if act == "load":
        load_dialog(run)
    elif act == "remove":
        remove_dialog(run, entered)
    show_changes(run.desk.root, ("evaluation",))


def _ask(act: str) -> None:
    st.session_state[ACT] = act


def _dismiss() -> None:
    st.session_state.pop(ACT, None)


@st.dialog("Load an evaluation", width="medium", on_dismiss=_dismiss)
def load_dialog(run: Run) -> None:
    """Ask for a file and what its rows do not say."""
    st.caption(
        "CSV or JSON lines with a row for each run: task, effort, pass, solved, output_tokens, latency_s and more, see "
        "`docs/effort.md`; or a leaderboard of aider's in YAML."
    )
    with st.form("evaluation_load", border=False):
        file = st.file_uploader("File", type=["csv", "jsonl", "gz", "yml", "yaml", "tsv"], max_upload_size=MOST_MB)
        left, right_ = st.columns(2)
        model = left.text_input("Model, where no column says it")
        seller = right_.text_input("Seller, where no column says it")
        name = st.text_input("Name of the evaluation", placeholder="that of the file")
        who = ask_who()
        sent = st.form_submit_button("Load", type="primary", icon=":material/upload_file:")
    if sent and file is None:
        st.error("Choose a file.")
    elif sent and file is not None:
        defaults = EvalRun(name.strip(), "", 0, model.strip() or None, seller.strip() or None, currency="USD")

        def act(author: Author) -> None:
            read = read_eval_runs(file.getvalue(), file.name, {}, defaults)
            if not read.runs:
                raise UserMistake(f"no row can be used; line {read.bad[0].line}: {read.bad[0].reason}")
            store_eval_runs(run.desk.root, read.runs, author, tell=silent)
            if read.bad:
                first = f"line {read.bad[0].line}: {read.bad[0].reason}"
                st.toast(literal(f"{plural(len(read.bad), 'row')} not used; {first}"), icon=":material/warning:")
            _dismiss()

        attempt(act, who)


@st.dialog("Remove an evaluation", on_dismiss=_dismiss)
def remove_dialog(run: Run, entered: list[str]) -> None:
    """Ask which."""
    with st.form("evaluation_remove", border=False):
        name = st.selectbox("Evaluation", entered)
        who = ask_who()
        sent = st.form_submit_button("Remove", type="primary", icon=":material/delete:")
    if sent and name:

        def act(author: Author) -> None:
            remove_eval_runs(run.desk.root, [name], author, tell=silent)
            _dismiss()

        attempt(act, who)


def show_plan(run: Run) -> None:
    """What an evaluation costs before anybody runs it."""
    with st.expander("Plan an evaluation", icon=":material/science:"):
        with st.container(horizontal=True):
            text = st.text_input("Models with this in their name", "step-3.7-flash", key="plan_models")
            within = st.number_input("Known within, points", 1.0, 49.0, 10.0, 1.0, key="plan_within")
            tiers = st.number_input("Tiers of effort", 1, 20, 1, key="plan_tiers")
        made = plan(TEMPLATE, within / 100, tiers=int(tiers))
        st.markdown(_passes_text(made))
        kinds = [(kind.name, kind.tasks, kind.calls, kind.input, kind.cached, kind.output) for kind in made.kinds]
        heads = ["Kind", "Tasks", "Calls each", "Input tokens", "Cached", "Output tokens"]
        show_frame(pd.DataFrame(kinds, columns=heads), hide_index=True, height="content", alt="What to try")
        names = tuple(name.strip() for name in text.split(",") if name.strip())
        found = offers_of(run, made, names) if names else []
        if not found:
            st.caption(f"No card sells a model with “{literal(text)}” in its name.")
            return
        rows = [
            {
                "Seller": each.seller,
                "Model": each.model,
                "One pass": money(each.one_pass, each.currency) if each.one_pass is not None else UNKNOWN,
                "All passes": money(each.whole, each.currency) if each.whole is not None else UNKNOWN,
                "Of it, if failures are charged": money(each.failing, each.currency),
                "Rate": each.why or f"{each.confidence}, checked {each.checked}",
            }
            for each in found
        ]
        show_frame(
            pd.DataFrame(rows),
            hide_index=True,
            height="content",
            alt="What the plan costs on each seller",
            column_config=right(("One pass", "All passes", "Of it, if failures are charged")),
        )
        st.caption("Tokens are a guess: `tollbook effort plan --template` gives the plan as a file to be changed.")


def _passes_text(made: Plan) -> str:
    judged = sum(kind.tasks for kind in made.kinds if not kind.fails)
    size = f"{count(made.runs)} runs and {count(made.calls)} calls on each seller"
    if made.needed.passes:
        return f"**{made.passes} passes** of {judged} tasks: {size}; known within ±{100 * made.reached:.1f} points."
    return (
        f"No number of passes over {judged} tasks tells it within ±{100 * made.wanted:g} points: that takes "
        f"**{count(made.needed.tasks_needed)} tasks**, run {made.passes} times each. {made.passes} passes: {size}; "
        f"within ±{100 * made.reached:.1f}."
    )
