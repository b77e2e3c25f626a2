# "file:line:CODE" of every code of a finding that C knows: a string "XML-001", or an enumerator of
# enum <module>_code { ... = 1, ... } when a file of the same module makes codes with "XML-%03d".
function folder_of(path) { sub(/\/[^\/]*$/, "", path); return path }

FNR == 1 { in_comment = 0; in_enum = 0 }

{
    code = rest = code_only($0)
    while (match(rest, /"(XML|XSD|PACZKA|PODPIS|TOZSAMOSC|RB[0-9A-Z]+)-[0-9][0-9][0-9]"/)) {
        print FILENAME ":" FNR ":" substr(rest, RSTART + 1, RLENGTH - 2)
        rest = substr(rest, RSTART + RLENGTH)
    }
    if (match(code, /"[A-Z0-9]+-%03/)) {
        area[folder_of(FILENAME)] = substr(code, RSTART + 1, RLENGTH - 5)
    }
}

code ~ /^enum [a-z_]+_code \{/ { in_enum = 1 }
in_enum && match(code, /= [0-9]+,/) && substr(code, RSTART + 2) + 0 > 0 {
    numbers++
    place[numbers] = FILENAME ":" FNR
    home[numbers] = folder_of(FILENAME)
    number[numbers] = substr(code, RSTART + 2) + 0
}
code ~ /^\}/ { in_enum = 0 }

END {
    for (i = 1; i <= numbers; i++) {
        if (home[i] in area) printf "%s:%s-%03d\n", place[i], area[home[i]], number[i]
    }
}
