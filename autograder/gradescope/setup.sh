#!/usr/bin/env bash
# Run once, as root, when the image is built: bring a Python, make the grader's environment, prove that it grades.
#
# The environment lies in /opt/touchstone, which the student's user may read; everything else stays in
# /autograder/source, which it may not. The system's python3 is used once, to install uv beside it, and is left as
# it is. TOUCHSTONE_PYTHON names an interpreter that has all packages already: then nothing is brought or installed.
set -euo pipefail
umask 022

readonly SOURCE=/autograder/source
readonly PLACE=/opt/touchstone
readonly UV_PACKAGE="uv==0.13.9"
readonly BROUGHT_PYTHON="3.12"
readonly UV="$PLACE/uv/bin/uv"
readonly NOBODY=65534

say() { printf 'touchstone: %s\n' "$*"; }

fail() {
    printf 'touchstone: setup failed: %s\n' "$*" >&2
    exit 1
}

bring_uv() {
    if ! python3 -m pip --version >/dev/null 2>&1; then
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-pip \
            || fail "there is no pip for python3, and apt-get can't install it"
    fi
    PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --disable-pip-version-check --target "$PLACE/uv" "$UV_PACKAGE" \
        || fail "pip can't install $UV_PACKAGE"
}

# Print the path of an installed Python that is new enough and that an unprivileged user can run too.
find_python() {
    local name path
    for name in python3.12 python3.13 python3.11 python3.14; do
        path="$(command -v "$name")" || continue
        if setpriv --reuid="$NOBODY" --regid="$NOBODY" --clear-groups "$path" -c 'import ssl, sqlite3' 2>/dev/null; then
            printf '%s' "$path"
            return
        fi
    done
    return 1
}

make_environment() {
    local python
    export UV_PYTHON_INSTALL_DIR="$PLACE/python" UV_LINK_MODE=copy UV_NO_PROGRESS=1
    if python="$(find_python)"; then
        say "using $python"
    else
        python="$BROUGHT_PYTHON"
        say "bringing Python $python"
        "$UV" python install "$python" || fail "uv can't bring Python $python"
    fi
    "$UV" venv --quiet --clear --python "$python" "$PLACE/venv" || fail "uv can't make an environment with $python"
    "$UV" pip install --quiet --no-cache --compile-bytecode --torch-backend=cpu --python "$PLACE/venv/bin/python" \
        --requirements "$SOURCE/requirements.txt" --constraints "$SOURCE/constraints.txt" \
        || fail "the pinned packages can't be installed"
    chmod -R go+rX,go-w "$PLACE"
}

make_font_list() {
    mkdir -p "$PLACE/matplotlib"
    MPLCONFIGDIR="$PLACE/matplotlib" "$PYTHON" -c 'import matplotlib.font_manager' \
        || fail "matplotlib can't make its list of fonts"
}

protect_sources() {
    chown -R 0:0 "$SOURCE"
    chmod -R go-rwx "$SOURCE"
    chmod 0700 "$SOURCE" "$SOURCE/run_autograder"
}

self_test() {
    MPLCONFIGDIR="$PLACE/matplotlib" PYTHONPATH="$SOURCE/files" PYTHONDONTWRITEBYTECODE=1 "$PYTHON" -s -P -c \
        'import sys; from autograder.gradescope import self_test; sys.exit(self_test(sys.argv[1]))' "$SOURCE/self_test" \
        || fail "the self-test did not pass; the line before this one says why"
}

[[ "$(id -u)" == 0 ]] || fail "it has to run as root"
mkdir -p "$PLACE"
if [[ -n "${TOUCHSTONE_PYTHON:-}" ]]; then
    readonly PYTHON="$TOUCHSTONE_PYTHON"
else
    readonly PYTHON="$PLACE/venv/bin/python"
    bring_uv
    make_environment
fi
make_font_list
protect_sources
self_test
say "ready"
