# shellcheck shell=bash
# shellcheck disable=SC2154 # repository, state, port and log are those of ops/run
# What ops/run shows: filings at demonstration times, their receipts, what is in the store. Each
# expectation that does not hold is kept in unexpected and told at the end. Sourced by ops/run.

unexpected=()
gmina=990000016

# expect WHAT COMMAND...
expect() {
    local what=$1
    shift
    "$@" || { unexpected+=("$what") && echo "  ↯ nie tak, jak powinno: $what"; }
}

admin() {
    "$state/bin/brama" admin "$@" --config "$state/bramad.conf"
}

# The registry, what its units owe, a token for the gmina, and its program's certificate. All of it once.
prepare_story() {
    admin demo >"$log/admin.log" 2>&1 || return 1
    admin obligations generate --period 2026-Q2 >>"$log/admin.log" 2>&1 || return 1
    kept=true
    if [ ! -s "$state/token" ]; then
        kept=false
        at 2026-07-10T09:00:00+02:00 || return 1
        (umask 077 && admin token create --unit "$gmina" --label pokaz >"$state/token.new" 2>>"$log/admin.log") \
            && mv "$state/token.new" "$state/token" || return 1
        admin cert bind "$state/certs/sender.pem" --unit "$gmina" --label "program pokazowy" \
            >>"$log/admin.log" 2>&1 || return 1
    fi
}

# at WHEN: the clock of TEST is set in the database. A gateway that knows a credential already may
# go on with the old time for ten seconds, so each moment of the story has a credential of its own.
# With kept state the clock goes on from where it is: no time of the story may lie behind a stored one.
at() {
    $kept || admin clock set "$1" >>"$log/admin.log" 2>&1
}

# What the clock shows, for people: "2026-07-25 09:00:12".
clock() {
    admin clock show 2>>"$log/admin.log" | sed 's/^[A-Z]*\t\([0-9-]*\)T\([0-9:]*\).*/\1 \2/'
}

# file EXPECTED-EXIT-CODE FILE WHAT: file it as "${credential[@]}", show the answer, compare.
file() {
    local expected=$1 name=$2 what=$3 got=0
    printf '\n$ brama submit %s --wait --receipts %s\n' "$name" "$state/receipts"
    (cd "$repository/tests/samples" && "$state/bin/brama" submit "$name" --wait --no-color \
        --receipts "$state/receipts" "${credential[@]}" --server "https://localhost:$port" \
        --ca "$state/certs/root.pem") >"$state/answer.txt" 2>&1 || got=$?
    # Information is one line each and many; the rest is what a clerk acts on.
    grep -v '  i informacja: ' "$state/answer.txt"
    expect "$name: kod wyjścia $got, a miał być $expected ($what)" [ "$got" -eq "$expected" ]
}

answer_says() {
    grep -qE -- "$1" "$state/answer.txt"
}

verify_receipts() {
    local receipt count=0 ours=0 theirs=0
    for receipt in "$state"/receipts/*.xml; do
        [ -e "$receipt" ] || continue
        count=$((count + 1))
        "$state/bin/brama" verify "$receipt" --offline --trust "$state/certs/root.pem" \
            >>"$log/verify.log" 2>&1 && ours=$((ours + 1))
        xmlsec1 --verify --enabled-key-data x509 --trusted-pem "$state/certs/root.pem" \
            --id-attr:Id http://uri.etsi.org/01903/v1.3.2#:SignedProperties "$receipt" \
            >>"$log/verify.log" 2>&1 && theirs=$((theirs + 1))
    done
    printf '\nUPO: %d plików w %s; brama verify: %d ważnych; xmlsec1: %d ważnych\n' \
        "$count" "$state/receipts" "$ours" "$theirs"
    expect "są jakieś UPO" [ "$count" -gt 0 ]
    expect "wszystkie UPO są ważne według brama verify" [ "$ours" -eq "$count" ]
    expect "wszystkie UPO są ważne według xmlsec1" [ "$theirs" -eq "$count" ]
}

# A receipt with one altered byte is a forgery.
verify_forgery() {
    local receipt=("$state"/receipts/*.xml) got=0
    [ -e "${receipt[0]}" ] || return 0
    sed 's/PRZYKŁAD/PRZYKLAD/' "${receipt[0]}" >"$state/forgery.xml"
    "$state/bin/brama" verify "$state/forgery.xml" --trust "$state/certs/root.pem" \
        >"$state/answer.txt" 2>&1 || got=$?
    printf '\n$ brama verify UPO-ze-zmienionym-znakiem.xml   (kod wyjścia %d)\n' "$got"
    cat "$state/answer.txt"
    expect "zmienione UPO jest odrzucane z kodem 7, a był $got" [ "$got" -eq 7 ]
}

# show_view NAME COLUMN: what the monitoring store sees, summed over each unit's lines.
show_view() {
    printf '\nsmup.%s:\n' "$1"
    sql brama_owner -d brama -P footer=off -c "SELECT regon, unit_name AS jednostka,
        period AS okres, version AS wersja, count(*) AS pozycji, sum($2) AS $2 FROM smup.$1
        GROUP BY 1, 2, 3, 4 ORDER BY 1" >"$state/answer.txt" 2>&1
    cat "$state/answer.txt"
    expect "widok smup.$1 ma trzy jednostki" [ "$(grep -cE '^ 9900010[0-9]{2} ' "$state/answer.txt")" -eq 3 ]
}

# Said of what this run expected.
conclude() {
    printf '\n'
    if [ "${#unexpected[@]}" -gt 0 ]; then
        echo "ops/run: nie wszystko wyszło tak, jak powinno:"
        printf '  %s\n' "${unexpected[@]}"
        return
    fi
    echo "ops/run: wszystko wyszło tak, jak powinno"
}

# What is in a state that was kept is its owner's business: shown is only that it is there and works.
tell_again() {
    echo "Stan z poprzedniego uruchomienia: plik, który już wpłynął, dostanie swoje pierwsze UPO. Cały pokaz" \
        "od zera: ops/run --once bez --state albo z pustym katalogiem."
    file 0 dochody-2026-q2.xml "trzy jednostki, wszystko w porządku"
    verify_receipts
    conclude
}

tell_story() {
    credential=(--token-file "$state/token")
    echo "Brama (TEST): https://localhost:$port; zegar pokazu: $(clock)"
    if $kept; then
        tell_again
        return
    fi
    file 0 dochody-2026-q2.xml "trzy jednostki, wszystko w porządku"
    file 0 wydatki-2026-q2.xml "trzy jednostki, wszystko w porządku"
    file 1 zle-zmieniona-po-podpisie.xml "kwotę zmieniono po podpisaniu"
    expect "odrzucenie nazywa krok, na którym upadł podpis" answer_says 'skrót sprawozdania się nie zgadza'
    expect "odrzucenie wskazuje miejsce w pliku" answer_says 'zmieniona-po-podpisie.xml:[0-9]+:[0-9]+ '
    file 1 zle-ten-sam-regon.xml "dwie jednostki podały ten sam REGON"
    expect "odrzucenie wskazuje miejsce w pliku" answer_says 'ten-sam-regon.xml:[0-9]+:[0-9]+ '
    expect "odrzucenie też ma UPO" answer_says 'UPO[^:]*: [0-9]{9,14}-'
    file 0 dochody-2026-q2.xml "ten sam plik drugi raz"
    expect "ten sam plik dostaje swoje pierwsze UPO" answer_says 'Ten sam plik wpłynął już'

    at 2026-07-25T09:00:00+02:00
    printf '\nzegar pokazu: %s; teraz z certyfikatem zamiast tokenu\n' "$(clock)"
    credential=(--cert "$state/certs/sender.pem" --cert-key "$state/certs/sender.key")
    file 0 korekta-wydatki-2026-q2.xml "korekta jednej jednostki"

    show_view rb_27s_jednostki dw
    show_view rb_28s_jednostki ww
    expect "w mocy jest korekta wydatków" answer_says '990001010 .* 2026-Q2 +\| +1 '
    verify_receipts
    verify_forgery
    conclude
}
