#!/bin/sh
# Usage: install_debian.sh PROGRAM[/ANOTHER…]:PACKAGE[+PACKAGE…] …
# Installs Debian's packages for the programs that are missing, where apt and root are there. Elsewhere another that does
# the same is enough; where that is missing too, it says so: the tests that need it are then skipped, but with CI=true that
# is a failure.
set -eu

installs=false
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then installs=true; fi

missing=""
packages=""
for wanted in "$@"; do
    programs=$(echo "${wanted%%:*}" | tr / ' ')
    if $installs; then programs=${programs%% *}; fi
    found=false
    for program in $programs; do
        if command -v "$program" >/dev/null 2>&1; then found=true; fi
    done
    if ! $found; then
        missing="$missing ${programs%% *}"
        packages="$packages $(echo "${wanted#*:}" | tr + ' ')"
    fi
done
[ -n "$missing" ] || exit 0

if $installs; then
    # A server that is installed for a test is not started as this machine's.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        trap 'rm -f "$policy"' EXIT
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
    fi
    apt-get update -qq
    # shellcheck disable=SC2086 (the packages are words)
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
    exit 0
fi
echo "Missing:$missing. Install it ($packages in Debian) to run the tests that need it." >&2
[ "${CI:-}" != true ]
