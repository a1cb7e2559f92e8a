"""Loading an evaluation on a page, taking one out, and planning one before it is run."""

from collections import Counter

import pandas as pd
import streamlit as st

from analysis.evaluation_plan import TEMPLATE, Plan, plan
from app.components.columns import counts, right
from app.components.effort_data import offers_of, runs_entered
from app.components.entries import ask_who, attempt, show_changes
from app.components.formats import UNKNOWN, count, literal, money, plural
from app.components.page import Run
from app.components.tables import show_frame
from app.eval_file import EvalFile, read_eval_runs
from app.session import UserMistake
from warehouse.connection import silent
from warehouse.entries import Author
from warehouse.eval_runs import EvalRun, StoredRuns, compare_eval_runs, remove_eval_runs, store_eval_runs

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
    left, right_ = st.columns(2)
    model = left.text_input("Model, where no column says it").strip() or None
    seller = right_.text_input("Seller, where no column says it").strip() or None
    name = st.text_input("Name of the evaluation", placeholder="that of the file").strip()
    file = st.file_uploader("File", type=["csv", "jsonl", "gz", "yml", "yaml", "tsv"], max_upload_size=MOST_MB)
    if file is None:
        st.caption("Nothing is stored before you have seen what is in it.")
        return
    try:
        read = read_eval_runs(file.getvalue(), file.name, {}, EvalRun(name, "", 0, model, seller, currency="USD"))
    except UserMistake as error:
        st.error(literal(str(error)), icon=":material/error:")
        return
    would = compare_eval_runs(run.desk.root, read.runs, tell=silent)
    _show_read(read, would)
    fresh = would.added + would.changed
    with st.form("evaluation_load", border=False):
        who = ask_who()
        title = f"Load {plural(fresh, 'run')}" if fresh else "Nothing to load"
        sent = st.form_submit_button(title, type="primary", icon=":material/upload_file:", disabled=not fresh)
    if sent:

        def act(author: Author) -> None:
            store_eval_runs(run.desk.root, read.runs, author, tell=silent)
            _dismiss()

        attempt(act, who)


def _show_read(read: EvalFile, would: StoredRuns) -> None:
    """What is in a file: its runs by evaluation and arm, how many are new, and the rows that cannot be used."""
    arms = Counter((each.run_set, each.model or "–", each.effort or "–") for each in read.runs)
    if arms:
        rows = [(*arm, number) for arm, number in arms.items()]
        show_frame(
            pd.DataFrame(rows, columns=["Evaluation", "Model", "Effort", "Runs"]),
            hide_index=True,
            height="content" if len(rows) <= 8 else 320,
            alt="What is in the file, by evaluation, model and effort",
            column_config=counts(("Runs",)),
        )
    told = f"{count(would.added)} new, {count(would.changed)} changed, {count(would.same)} as before"
    rows_told = f"{plural(read.rows, 'row')}: {told}, {count(len(read.bad))} not used"
    st.caption(literal(". ".join([rows_told, *read.notes])))
    if read.bad:
        table = {"Line": [each.line for each in read.bad], "Why it cannot be used": [each.reason for each in read.bad]}
        show_frame(
            pd.DataFrame(table),
            hide_index=True,
            height="content" if len(read.bad) <= 8 else 320,
            alt="Rows not used",
            column_config={"Line": st.column_config.NumberColumn(width="small")},
        )


@st.dialog("Remove an evaluation", on_dismiss=_dismiss)
def remove_dialog(run: Run, entered: list[str]) -> None:
    """Ask which, and say what is lost."""
    st.markdown(
        "Its runs are deleted for good: to have them back, load the file again. Tasks in the logs and their outcomes "
        "stay; the audit has who did it."
    )
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
