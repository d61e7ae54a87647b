"""Let the Temporal SDK download its dev server into a folder. Runs in our own environment."""

import asyncio
import sys

from temporalio.testing import WorkflowEnvironment


async def fetch(folder: str, version: str) -> None:
    """Download into `folder` unless it is there, and see that it starts."""
    server = await WorkflowEnvironment.start_local(
        download_dest_dir=folder, dev_server_download_version=version
    )
    await server.shutdown()


if __name__ == "__main__":
    asyncio.run(fetch(sys.argv[1], sys.argv[2]))
