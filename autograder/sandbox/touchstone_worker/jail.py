"""Give up, for good, what student code must not have: privileges, files, system calls, unlimited resources.

Everything here is one-way: after `enter` neither this process nor anything that it starts gets any of it back. Only
the standard library is used, since it runs before anything else does.
"""

import ctypes
import errno
import os
import platform
import resource
import struct
from dataclasses import dataclass

libc = ctypes.CDLL(None, use_errno=True)

PR_SET_NO_NEW_PRIVS = 38
PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2


@dataclass(frozen=True)
class Rules:
    """What the jail is to enforce. uid None keeps the user (a namespace has changed it already)."""

    uid: int | None
    memory_mb: int
    processes: int
    readable: tuple[str, ...]  # Landlock: folders to read and execute from
    writable: tuple[str, ...]
    secrets: tuple[str, ...]  # must be unreadable afterwards
    filter_calls: bool = True


class Exposed(RuntimeError):
    """The jail is up, and a secret can still be read."""


def enter(rules: Rules) -> list[str]:
    """Apply `rules` to this process; return the names of what is enforced now.

    Raises Exposed if a secret stays readable, OSError where a promised step fails.
    """
    enforced = ["rlimits"]
    os.umask(0o077)
    limit_resources(rules.memory_mb, rules.processes)
    go_first_when_memory_is_out()
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "no_new_privs")
    enforced.append("no_new_privs")
    if rules.readable and restrict_files(rules.readable, rules.writable):
        enforced.append("landlock")
    if rules.uid is not None:
        os.setgroups([])
        os.setresgid(rules.uid, rules.uid, rules.uid)
        os.setresuid(rules.uid, rules.uid, rules.uid)
        enforced.append("uid")
    if rules.filter_calls and filter_system_calls():
        enforced.append("seccomp")
    for secret in rules.secrets:
        if _readable(secret):
            raise Exposed(secret)
    return enforced


def limit_resources(memory_mb: int, processes: int) -> None:
    """Bound memory, processes, file size, open files and core dumps."""
    for kind, amount in (
        (resource.RLIMIT_DATA, memory_mb * 2**20),
        (resource.RLIMIT_NPROC, processes),
        (resource.RLIMIT_FSIZE, 64 * 2**20),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        amount = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        resource.setrlimit(kind, (amount, amount))


def go_first_when_memory_is_out() -> None:
    """Have the kernel, where memory runs out, kill this process and what it starts before the grader."""
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")
    except OSError:
        pass  # /proc is read-only, or not the kernel's own


def _readable(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            file.read(1)
    except IsADirectoryError:
        return os.access(path, os.R_OK | os.X_OK)
    except OSError:
        return False
    return True


# ---- Landlock: files by folder (Linux 5.13 and later) ---------------------------------------------------------------

LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
READING = EXECUTE | READ_FILE | READ_DIR
RIGHTS_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}
FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | (1 << 14)


def restrict_files(readable: tuple[str, ...], writable: tuple[str, ...]) -> bool:
    """Allow reading and executing under `readable`, everything under `writable`, and no other file.

    Returns False where the kernel has no Landlock.
    """
    abi = libc.syscall(LANDLOCK_CREATE, None, ctypes.c_size_t(0), 1)
    if abi < 1:
        return False
    rights = RIGHTS_BY_ABI[min(abi, 3)]
    handled = struct.pack("Q", rights)
    ruleset = libc.syscall(LANDLOCK_CREATE, handled, ctypes.c_size_t(len(handled)), 0)
    if ruleset < 0:
        return False
    for folders, allowed in ((readable, READING), (writable, rights)):
        for folder in folders:
            _allow(ruleset, folder, allowed)
    if libc.syscall(LANDLOCK_RESTRICT, ruleset, 0) != 0:
        raise OSError(ctypes.get_errno(), "landlock_restrict_self")
    os.close(ruleset)
    return True


def _allow(ruleset: int, folder: str, allowed: int) -> None:
    try:
        opened = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    if not os.path.isdir(folder):
        allowed &= FILE_RIGHTS
    rule = struct.pack("=Qi", allowed, opened)
    if libc.syscall(LANDLOCK_ADD, ruleset, 1, rule, 0) != 0:
        raise OSError(ctypes.get_errno(), f"landlock_add_rule {folder}")
    os.close(opened)


# ---- seccomp: system calls that no homework needs -------------------------------------------------------------------

# Numbers for (x86_64, aarch64), from the kernel's tables.
FORBIDDEN_CALLS = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsmount": (432, 432),
    "mount_setattr": (442, 442),
    "unshare": (272, 97),
    "setns": (308, 268),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "kexec_load": (246, 104),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
}
CALLS_WITH_RULES = {"socket": (41, 198), "clone": (56, 220), "clone3": (435, 435)}
AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
AF_UNIX = 1
NAMESPACE_FLAGS = 0x7E020080  # CLONE_NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET

ALLOW = 0x7FFF0000
REFUSE = 0x00050000  # return an error; the number goes in the low bits
KILL = 0x80000000


def filter_system_calls() -> bool:
    """Refuse system calls that homework has no use for. Returns False on an architecture without a table."""
    machine = platform.machine()
    if machine not in AUDIT_ARCH:
        return False
    program = _program(machine)
    code = b"".join(struct.pack("HBBI", *instruction) for instruction in program)
    buffer = ctypes.create_string_buffer(code)
    header = struct.pack("HxxxxxxQ", len(program), ctypes.addressof(buffer))
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, header, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    return True


def _program(machine: str) -> list[tuple[int, int, int, int]]:
    """The filter as classic BPF: (code, jump if true, jump if false, operand)."""
    column = list(AUDIT_ARCH).index(machine)
    load, equal, at_least, any_bit, give = 0x20, 0x15, 0x35, 0x45, 0x06
    number, architecture, first_argument = 0, 4, 16
    refuse = (give, 0, 0, REFUSE | errno.EPERM)
    program = [
        (load, 0, 0, architecture),
        (equal, 1, 0, AUDIT_ARCH[machine]),
        (give, 0, 0, KILL),
        (load, 0, 0, number),
    ]
    if machine == "x86_64":  # the x32 numbers are the same calls by another name
        program += [(at_least, 0, 1, 0x40000000), refuse]
    for numbers in FORBIDDEN_CALLS.values():
        program += [(equal, 0, 1, numbers[column]), refuse]
    # glibc falls back from clone3, whose flags a filter can't see, to clone
    program += [(equal, 0, 1, CALLS_WITH_RULES["clone3"][column]), (give, 0, 0, REFUSE | errno.ENOSYS)]
    program += [
        (equal, 0, 4, CALLS_WITH_RULES["socket"][column]),
        (load, 0, 0, first_argument),
        (equal, 1, 0, AF_UNIX),
        refuse,
        (give, 0, 0, ALLOW),
        (equal, 0, 3, CALLS_WITH_RULES["clone"][column]),
        (load, 0, 0, first_argument),
        (any_bit, 0, 1, NAMESPACE_FLAGS),
        refuse,
        (give, 0, 0, ALLOW),
    ]
    return program
