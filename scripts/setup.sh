# shellcheck shell=bash
# Sourced by ./serve, ./test and ./bench: what they need from the machine. Does nothing that is done already.

export SWIFT_BACKTRACE=enable=no

say() { printf '== %s\n' "$*"; }

# stop SENTENCE: the one clear sentence, and the end.
stop() {
    printf '%s\n' "$*" >&2
    exit 1
}

# need_packages NAME...: installs the Debian packages that are missing, as root or through sudo.
need_packages() {
    local missing=() as_root=() name log
    for name in "$@"; do
        dpkg -s "$name" 2>/dev/null | grep -q '^Status: install ok installed' || missing+=("$name")
    done
    ((${#missing[@]})) || return 0
    if ((EUID != 0)); then
        sudo -n true 2>/dev/null || stop "These Debian packages are missing and this user may not install them: ${missing[*]}."
        as_root=(sudo -n)
    fi
    say "Installing ${missing[*]}"
    log=$(mktemp)
    { "${as_root[@]}" apt-get update &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } \
        >"$log" 2>&1 </dev/null ||
        stop "These Debian packages could not be installed: ${missing[*]}; is there a network? apt-get's own words are in $log."
    rm -f "$log"
}

# need_toolchain NAME...: what building takes, and these Debian packages.
need_toolchain() {
    command -v swift >/dev/null || stop "The Swift toolchain is missing; install Swift 6.3 from swift.org and put it in PATH."
    need_packages libcurl4 libsqlite3-dev libpq-dev libqrencode-dev libstemmer-dev libdeflate-dev libarchive-dev \
        libexpat1-dev libsodium-dev tzdata "$@"
    need_new_zones
}

# need_new_zones: British Columbia keeps one time all year from November 2026, which tzdata knows since 2026b.
need_new_zones() {
    local version
    version=$(sed -n '1s/^# version //p' /usr/share/zoneinfo/tzdata.zi 2>/dev/null || true)
    [[ $version < 2026b ]] || return 0
    say "Updating tzdata ${version:-without a version}"
    { apt-get update && apt-get install -y --only-upgrade tzdata; } >/dev/null 2>&1 </dev/null ||
        say "tzdata could not be updated; opening hours may be an hour wrong until it is"
}

# need_python: the test tools of Tests/requirements.txt in .venv-test, laid again when the list changes.
need_python() {
    local list=Tests/requirements.txt done=.venv-test/installed.txt
    cmp -s "$list" "$done" && return 0
    say "Installing the Python test tools into .venv-test"
    rm -rf .venv-test
    python3 -m venv .venv-test || stop "A Python environment could not be made in .venv-test; is python3-venv installed?"
    .venv-test/bin/pip install -q --disable-pip-version-check -r "$list" </dev/null ||
        stop "The Python test tools of $list could not be installed; is there a network?"
    cp "$list" "$done"
}
