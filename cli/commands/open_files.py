"""As many open files as the connections need: shells often allow 256 or 1,024."""

import resource

# Of the store, of the connections to ICS and Temporal, of logs.
_OWN = 256


def allow(connections: int) -> str | None:
    """Raise this process's limit where it is too low; what to do when that is not allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = connections + _OWN
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return None
    if hard != resource.RLIM_INFINITY and hard < needed:
        return (
            f"{connections} connections need {needed} open files, and {hard} are allowed: "
            f"raise the limit (ulimit -n), or set ONEBOX_MAX_CONNECTIONS to {max(1, hard - _OWN)}."
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
    return None
