"""Start of a worker: read the rules, give up privileges, say what is enforced, then serve.

Its argument is the descriptor of the socket to the grader.
"""

import os
import socket
import sys


def main() -> None:
    from . import frames, jail

    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    orders = frames.receive(control)
    scratch = orders["scratch"]
    os.chdir(scratch)
    try:
        enforced = jail.enter(
            jail.Rules(
                uid=orders["uid"],
                memory_mb=orders["memory_mb"],
                processes=orders["processes"],
                readable=tuple(orders["readable"]),
                writable=tuple(orders["writable"]),
                secrets=tuple(orders["secrets"]),
            )
        )
        from . import service  # the libraries must be readable from inside the jail
    except (OSError, ImportError, jail.Exposed) as error:
        frames.send(control, {"failed": f"{type(error).__name__}: {error}"})
        sys.exit(1)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    sys.path.append(scratch)  # the submission's own modules, after everything else
    frames.send(control, {"enforced": enforced})
    service.serve(control)


main()
