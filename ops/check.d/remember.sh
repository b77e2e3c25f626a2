# What was clean stays clean until it changes: build/check/NAME/ has an empty file for each known
# content. Sourced by checks that are slow for one file; salt is whatever else the result depends on.

# remember_unknown NAME SALT: of the files on standard input, those not known to be clean.
remember_unknown() {
    mkdir -p "build/check/$1"
    local salt sum file
    salt=$(sha256sum <<<"$2" | cut -c1-16)
    xargs -r -d '\n' sha256sum | while read -r sum file; do
        [ -e "build/check/$1/$salt-$sum" ] || printf '%s\n' "$file"
    done
}

# remember_clean NAME SALT COMPLAINTS: the files on standard input that no complaint names are clean.
remember_clean() {
    local salt sum file
    salt=$(sha256sum <<<"$2" | cut -c1-16)
    xargs -r -d '\n' sha256sum | while read -r sum file; do
        grep -qF "$file:" <<<"$3" || : >"build/check/$1/$salt-$sum"
    done
}
