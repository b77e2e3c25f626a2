BEGIN { MEDIAN_MAX = 15; P90_MAX = 45; LENGTH_MAX = 60; C_MAX = 400; H_MAX = 120
        excuse = "NOLINT.*readability-function-size"
        NESTING_MAX = 3; PARAMETERS_MAX = 6; COMMENT_PERCENT_MIN = 50 }

function complain(file, line, what) { print file ":" line ": " what }

function end_file() {
    if (file == "") {
        return
    }
    limit = is_header ? H_MAX : C_MAX
    if (lines > limit) {
        complain(file, lines, lines " lines, the limit is " limit "; split it at a noun")
    }
    if (is_header && !has_comment) {
        complain(file, 1, "no comment says what this header is for; a header is the manual of its module")
    }
}

# The number of parameters in "name(a, b(*)(c, d), e) ".
function count_parameters(text,    depth, i, letter, count, seen) {
    sub(/^[^(]*/, "", text)
    for (i = 1; i <= length(text); i++) {
        letter = substr(text, i, 1)
        if (letter == "(") depth++
        else if (letter == ")") { if (--depth == 0) break }
        else if (letter == "," && depth == 1) count++
        else if (letter != " ") seen = 1
    }
    if (!seen || text ~ /^\(void\)/) {
        return 0
    }
    return count + 1
}

# Follow the braces of one line of a body. ") {", "else {", "do {" and a lone "{" open a block;
# any other "{" opens an initialiser or a compound literal and is not nesting.
function follow_braces(code,    before, brace) {
    while (match(code, /[{}]/)) {
        brace = substr(code, RSTART, 1)
        before = substr(code, 1, RSTART - 1)
        code = substr(code, RSTART + 1)
        if (brace == "}") {
            if (kinds != "") {
                if (substr(kinds, length(kinds)) == "b") nesting--
                kinds = substr(kinds, 1, length(kinds) - 1)
            }
        } else if (before ~ /(\) |else |do |^[ ]*)$/ && !(before ~ /^[ ]*$/ && kinds ~ /i$/)) {
            kinds = kinds "b"
            if (++nesting > nesting_max) nesting_max = nesting
        } else {
            kinds = kinds "i"
        }
    }
}

function end_function(    length_) {
    length_ = FNR - began + 1
    functions++
    histogram[length_]++
    if (length_ > longest) longest = length_
    if (length_ > LENGTH_MAX) {
        complain(file, began, name " has " length_ " lines, the limit is " LENGTH_MAX "; give a part of it a name")
    }
    if (nesting_max > NESTING_MAX) {
        complain(file, began, name " nests " nesting_max " deep, the limit is " NESTING_MAX "; return early or name the inner block")
    }
}

function percentile(share,    wanted, seen, i) {
    wanted = functions * share
    for (i = 1; i <= longest; i++) {
        seen += histogram[i]
        if (seen >= wanted) return i
    }
    return 0
}

FNR == 1 {
    end_file()
    file = FILENAME
    is_header = file ~ /\.h$/
    in_comment = has_comment = in_body = in_signature = excused = 0
}

{
    lines = FNR
    if ($0 ~ /NOLINTBEGIN/ && $0 ~ excuse) excused = 1
    if ($0 ~ /NOLINTEND/) excused = 0
    before_previous = previous
    previous = current
    current = $0
    starts_in_comment = in_comment
    code = code_only($0)
    blank = code ~ /^[ \t]*$/
    if (is_header) {
        if (!blank) code_lines++
        if ($0 ~ /\/\*/ || starts_in_comment) { comment_lines++; has_comment = 1 }
    }
}

!in_body && !in_signature && code ~ /^[a-z_][A-Za-z0-9_]*\(/ && !is_header {
    in_signature = 1
    began = FNR
    signature = ""
    name = code
    sub(/\(.*/, "", name)
    # A callback of a foreign library has the parameters that the library gives it.
    foreign_signature = excused || $0 ~ excuse || previous ~ excuse || before_previous ~ excuse
}

in_signature {
    if (code ~ /^\{/) {
        in_signature = 0
        in_body = 1
        nesting = nesting_max = 0
        kinds = ""
        parameters = count_parameters(signature)
        if (parameters > PARAMETERS_MAX && !foreign_signature) {
            complain(file, began, name " has " parameters " parameters, the limit is " PARAMETERS_MAX "; put what belongs together into a struct")
        }
        next
    }
    signature = signature code
    if (code ~ /;[ ]*$/) in_signature = 0
    next
}

in_body && code ~ /^\}/ { in_body = 0; end_function(); next }
in_body { follow_braces(code) }

END {
    end_file()
    if (functions > 0 && percentile(0.5) > MEDIAN_MAX) {
        complain("validators", 1, "the median function has " percentile(0.5) " lines, the limit is " MEDIAN_MAX)
    }
    if (functions > 0 && percentile(0.9) > P90_MAX) {
        complain("validators", 1, "the 90th percentile of function lengths is " percentile(0.9) " lines, the limit is " P90_MAX)
    }
    if (code_lines > 0 && comment_lines * 100 < code_lines * COMMENT_PERCENT_MIN) {
        complain("validators", 1, "headers have " comment_lines " comment lines to " code_lines " code lines, at least half are wanted; a header is the manual of its module")
    }
    if (ENVIRON["CHECK_VERBOSE"] != "") {
        printf "%d functions: median %d, p90 %d, longest %d; headers: %d comment to %d code lines\n", functions, percentile(0.5), percentile(0.9), longest, comment_lines, code_lines > "/dev/stderr"
    }
}
