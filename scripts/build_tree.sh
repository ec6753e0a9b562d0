# The steps between a fresh machine and a finished build, for scripts that source this file.
# Each step is silent when it has nothing to do, names itself on stderr when it has, and shows the output of
# its commands only when they fail.

project_root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/.." && pwd -P)
lock_is_held=no

say() { printf '%s: %s\n' "$(basename -- "$0")" "$*" >&2; }

die() {
    say "$@"
    exit 1
}

# One preparation at a time in this tree. The directory itself is the lock, so that no file is left behind.
lock_tree() {
    [ "$lock_is_held" = yes ] && return
    exec {tree_lock}<"$project_root"
    if command -v flock >/dev/null; then
        flock --nonblock "$tree_lock" || {
            say "waiting for another run to finish its build"
            flock "$tree_lock"
        }
    fi
    lock_is_held=yes
}

# The lock must not outlive the preparation: the programs started afterwards would inherit it.
unlock_tree() {
    exec {tree_lock}<&-
    lock_is_held=no
}

# run_quietly COMMAND...: its output appears, on stderr, only if it fails.
run_quietly() {
    local log status=0
    log=$(mktemp)
    "$@" >"$log" 2>&1 </dev/null || status=$?
    [ $status -eq 0 ] || cat -- "$log" >&2
    rm -f -- "$log"
    return $status
}

# Prints the packages of packages.txt whose command or header is not there.
missing_packages() {
    local package kind probe headers=
    while read -r package kind probe; do
        case $kind in
        command) command -v "$probe" >/dev/null || printf '%s\n' "$package" ;;
        header) headers+="#if !__has_include(<$probe>)"$'\n'"missing $package"$'\n'"#endif"$'\n' ;;
        esac
    done < <(grep -v '^#' "$project_root/scripts/packages.txt")
    if command -v g++ >/dev/null; then
        printf '%s' "$headers" | g++ -x c++ -E -P - | sed -n 's/^missing //p' | tr -d ' '
    else
        printf '%s' "$headers" | sed -n 's/^missing //p'
    fi
}

# apt-get with the rights it needs, waiting for another apt-get instead of failing.
apt_get() {
    local command=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600 "$@")
    [ "$(id -u)" -eq 0 ] || command=(sudo "${command[@]}")
    "${command[@]}"
}

# The package lists of a fresh machine are empty, those of an old one may be stale: only then update them.
apt_install() {
    apt_get install -y --no-install-recommends "$@" || {
        apt_get update
        apt_get install -y --no-install-recommends "$@"
    }
}

install_missing_packages() {
    local missing
    mapfile -t missing < <(missing_packages)
    [ ${#missing[@]} -eq 0 ] && return

    if ! command -v apt-get >/dev/null; then
        die "this system has no apt-get; please install what these Debian packages hold: ${missing[*]}"
    fi
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        die "not root, and there is no sudo; as root: apt-get install ${missing[*]}"
    fi
    say "installing ${missing[*]}"
    run_quietly apt_install "${missing[@]}" || die "could not install ${missing[*]}"
    mapfile -t missing < <(missing_packages)
    [ ${#missing[@]} -eq 0 ] || die "still missing after the installation: ${missing[*]}"
}

# has_option DIRECTORY NAME VALUE: whether a build directory is configured so.
has_option() {
    grep -qE "\"name\": \"$2\", \"value\": \"?$3\"?," "$1/meson-info/intro-buildoptions.json"
}

# is_configured DIRECTORY OPTION=VALUE...: whether it is a sound build directory of this very tree.
is_configured() {
    local directory=$1 option
    shift
    [ -f "$directory/build.ninja" ] && [ -f "$directory/meson-info/intro-buildoptions.json" ] || return 1
    grep -qF "\"source\": \"$project_root\"" "$directory/meson-info/meson-info.json" || return 1
    for option in "$@"; do
        has_option "$directory" "${option%%=*}" "${option#*=}" || return 1
    done
}

# configure_build DIRECTORY OPTION=VALUE...: sets up the directory, anew when it is of another kind.
configure_build() {
    local directory=$project_root/$1 name=$1
    shift
    is_configured "$directory" "$@" && return
    say "configuring $name/"
    rm -rf -- "$directory"
    run_quietly meson setup "$directory" "$project_root" "${@/#/-D}" || die "configuring $name/ failed"
}

# compile DIRECTORY [TARGET...]: brings the targets (default: all) up to date.
compile() {
    local directory=$project_root/$1 name=$1
    shift
    ninja -C "$directory" -n "$@" 2>/dev/null </dev/null | grep -q '^ninja: no work to do' && return
    say "building $name/"
    run_quietly ninja --quiet -C "$directory" "$@" || die "building $name/ failed"
}
