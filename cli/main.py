"""The `onebox` command."""

import typer

from cli.commands import conformance, serving, stacks, tokens

app = typer.Typer(
    name="onebox",
    help="One plain sentence becomes a plan, a simulation, a run, and its receipt.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("dev")(stacks.dev)
app.command("demo")(stacks.demo)
app.command("serve")(serving.serve)
app.command("api")(serving.api)
app.command("worker")(serving.worker)
app.command("migrate")(serving.migrate)
app.command("conformance")(conformance.conformance)
app.add_typer(tokens.app, name="tokens")

if __name__ == "__main__":
    app()
