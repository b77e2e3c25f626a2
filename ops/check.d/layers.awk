BEGIN {
    split("sys/socket.h netinet/in.h netinet/tcp.h arpa/inet.h netdb.h poll.h sys/epoll.h sys/un.h" \
          " time.h sys/time.h fcntl.h unistd.h dirent.h sys/stat.h sys/mman.h sys/types.h locale.h" \
          " wchar.h wctype.h ctype.h pthread.h threads.h signal.h sys/wait.h sys/resource.h setjmp.h" \
          " math.h fenv.h float.h complex.h tgmath.h", list, " ")
    for (i in list) impure[list[i]] = 1
    library["libxml/"] = "LIBXML2"; library["openssl/"] = "CRYPTO"; library["jansson.h"] = "JANSSON"
    library["seccomp.h"] = "SECCOMP"; library["libpq-fe.h"] = "PQ"; library["microhttpd.h"] = "MICROHTTPD"
    library["curl/"] = "CURL"
    homes["LIBXML2"] = " validators/xml validators/document validators/signature "
    homes["PQ"] = " gateway/store "
}

function complain(what) { print FILENAME ":" FNR ": " what }

# "validators/vtl" of any file below it.
function folder_of(path,    part) {
    split(path, part, "/")
    return part[1] "/" part[2]
}

FNR == 1 { here = folder_of(FILENAME); in_list = "" }

# One pass over words of a CMakeLists.txt; a call of house_module(...) may span lines.
FILENAME ~ /CMakeLists\.txt$/ {
    text = $0
    sub(/#.*/, "", text)
    gsub(/[()]/, " & ", text)
    count = split(text, word, /[ \t]+/)
    for (i = 1; i <= count; i++) {
        w = word[i]
        if (w == "house_module") { in_list = "name" }
        else if (w == ")") { in_list = "" }
        else if (w == "(" || w == "") { }
        else if (in_list == "name") { folder[w] = here; in_list = "other" }
        else if (w == "SOURCES" || w == "MAY_USE" || w == "WRAPS") { if (in_list != "") in_list = w }
        else if (in_list == "MAY_USE") {
            if (!((here, w) in may_use)) { arrows++; arrow_from[arrows] = here; arrow_to[arrows] = w; arrow_line[arrows] = FILENAME ":" FNR }
            may_use[here, w] = 1
        }
        else if (in_list == "WRAPS") { wraps[here] = wraps[here] " " w " " }
    }
    next
}

# All lists are read: names of modules become folders.
!resolved {
    resolved = 1
    for (key in may_use) {
        split(key, pair, SUBSEP)
        if (pair[2] in folder) {
            allowed[pair[1], folder[pair[2]]] = 1
        } else { # complained of below; the includes are right
            allowed[pair[1], "validators/" pair[2]] = allowed[pair[1], "gateway/" pair[2]] = 1
        }
    }
    for (name in folder) is_module[folder[name]] = 1
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
    split($0, quoted, "\"")
    target = quoted[2]
    if (target !~ /^(validators|gateway|tests)\//) {
        if (target !~ /^build\//) complain("\"" target "\" does not name its folder; include from the root of the project, as \"validators/base/str.h\"")
        next
    }
    there = folder_of(target)
    used[here, there] = 1
    if (target ~ /^tests\//) {
        complain("the product includes a test header; move what is needed into the product")
    } else if (FILENAME ~ /^validators\// && target ~ /^gateway\//) {
        complain("validators/ includes gateway/; the arrow points the other way only")
    } else if (!(here in is_module)) {
        if (!unknown[here]++) complain(here " is no module; give it a CMakeLists.txt with a house_module")
    } else if (there != here && !((here, there) in allowed)) {
        complain(here " includes " there ", which its MAY_USE does not list; add it to " here "/CMakeLists.txt if the arrow is meant, else do without")
    }
    next
}

/^[ \t]*#[ \t]*include[ \t]*</ {
    target = $0
    sub(/^[^<]*</, "", target)
    sub(/>.*/, "", target)
    if (FILENAME ~ /^validators\// && target in impure) {
        complain("<" target "> in validators/, which is pure; take time, files, locale and the like as arguments from gateway/")
    }
    for (prefix in library) {
        if (index(target, prefix) != 1) continue
        name = library[prefix]
        if (name in homes && index(homes[name], " " here " ") == 0) {
            complain("<" target "> outside" homes[name] "; use what these modules offer")
        } else if ((here in is_module) && wraps[here] !~ name) {
            complain("<" target "> in a module whose WRAPS does not name " name "; add it if the library is meant to be hidden here")
        }
    }
}

END {
    reach_further()
    for (i = 1; i <= arrows; i++) {
        if (!(arrow_to[i] in folder)) {
            print arrow_line[i] ": MAY_USE names " arrow_to[i] ", which is no module; correct the name"
        } else if (resolved && arrow_from[i] != folder[arrow_to[i]] \
                   && !((arrow_from[i], folder[arrow_to[i]]) in used)) {
            print arrow_line[i] ": MAY_USE lists " arrow_to[i] ", but no include of " arrow_from[i] \
                " leads there; delete the word"
        }
    }
    find_circles()
}

# A header that is included brings what it includes: used becomes its own closure.
function reach_further(    changed, key, pair, next_key, next_pair) {
    do {
        changed = 0
        for (key in used) {
            split(key, pair, SUBSEP)
            for (next_key in used) {
                split(next_key, next_pair, SUBSEP)
                if (next_pair[1] == pair[2] && !((pair[1], next_pair[2]) in used)) {
                    found[pair[1], next_pair[2]] = 1
                    changed = 1
                }
            }
        }
        for (key in found) used[key] = 1
    } while (changed)
}

# Take away modules that use no remaining module, again and again; what is left goes in a circle.
function find_circles(    changed, name, i, busy, left) {
    do {
        changed = 0
        for (name in is_module) {
            busy = 0
            for (i = 1; i <= arrows; i++) {
                if (arrow_from[i] == name && (arrow_to[i] in folder) && folder[arrow_to[i]] != name && !(folder[arrow_to[i]] in gone)) busy = 1
            }
            if (!busy && !(name in gone)) { gone[name] = 1; changed = 1 }
        }
    } while (changed)
    for (name in is_module) if (!(name in gone)) left = left " " name
    if (left != "") print "CMakeLists.txt:1: these modules use each other in a circle (or use those that do):" left "; turn one arrow round"
}
