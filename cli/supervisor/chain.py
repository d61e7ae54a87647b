"""The local chain: anvil, the keeper of its state, and the one deployment of our contracts."""

import json

from cli.supervisor.layout import ICS, Layout
from cli.supervisor.one_shot import output_of, run_logged

NODE = ["node", "--import", "tsx"]
_DEPLOY_SECONDS = 90.0
# ics/src/chain/anvil.ts alone knows where the binary is and how to start it.
_ASK_COMMAND = (
    "import { anvilCommand } from './src/chain/anvil.ts';"
    "const { bin, args } = anvilCommand(JSON.parse(process.argv[2]));"
    "console.log(JSON.stringify([bin, ...args]))"
)


async def node_command(layout: Layout, port: int) -> list[str]:
    """Start the node on its saved state, where there is one: ask again for each start."""
    options = {
        "port": port,
        "stateFile": str(layout.chain_state),
        "cacheDir": str(layout.chain_cache),
    }
    # The first argument stands for the script, which anvil.ts compares with its own file.
    asked = [*NODE, "--input-type=module", "-e", _ASK_COMMAND, ".", json.dumps(options)]
    answer: list[str] = json.loads(await output_of(asked, ICS))
    return answer


def keeper_command(layout: Layout, rpc: str) -> list[str]:
    """Save each new state of the node."""
    files = ["--state", str(layout.chain_state), "--height", str(layout.chain_height)]
    return [*NODE, "src/chain/keeper.ts", "--rpc", rpc, *files]


async def deploy(layout: Layout, rpc: str, windows: tuple[int, int] | None) -> str:
    """Deploy unless the deployment file says that it is done; one line about it.

    `windows` are the seconds of the commit and reveal windows, else those of the config.

    Raises:
        OneShotFailed: the chain is another one, or the deployment broke off.
    """
    words = ["--rpc", rpc, "--config", str(layout.config), "--out", str(layout.deployment)]
    words += ["--height", str(layout.chain_height)]
    words += ["--windows", ",".join(map(str, windows))] if windows else []
    command = [*NODE, "src/chain/deploy.ts", *words]
    return await run_logged(command, ICS, layout.log("deploy"), _DEPLOY_SECONDS)
