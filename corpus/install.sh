#!/bin/sh
# Installs the tools that the corpus' recipes run (Debian 12, as root): about 4 GB. What a job installs itself is not here.
# Services of these packages are not started: a job that needs one starts its own.
set -eu
guard=/usr/sbin/policy-rc.d
if [ ! -e "$guard" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$guard"
    chmod +x "$guard"
    trap 'rm -f "$guard"' EXIT
fi
apt-get update -q
DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $(sed 's/#.*//' "$(dirname "$0")/packages.txt")
