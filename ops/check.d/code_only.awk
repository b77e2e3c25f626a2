# The code of a line: comments become a space, strings "" (unless keep_strings is set) and characters
# ' '. Lines are given in order; in_comment carries a block comment over: set it to 0 at the first
# line of each file.
function code_only(line,    out, token, at) {
    out = ""
    for (;;) {
        if (in_comment) {
            at = index(line, "*/")
            if (at == 0) {
                return out
            }
            in_comment = 0
            out = out " "
            line = substr(line, at + 2)
        }
        if (!match(line, /\/\*|\/\/|"|'/)) {
            return out line
        }
        out = out substr(line, 1, RSTART - 1)
        token = substr(line, RSTART, RLENGTH)
        line = substr(line, RSTART + RLENGTH)
        if (token == "//") {
            return out
        } else if (token == "/*") {
            in_comment = 1
        } else if (token == "\"") {
            if (!match(line, /^([^"\\]|\\.)*"/)) {
                return out "\"\""
            }
            out = out "\"" (keep_strings ? substr(line, 1, RLENGTH) : "\"")
            line = substr(line, RLENGTH + 1)
        } else {
            out = out "' '"
            line = match(line, /^([^'\\]|\\.)*'/) ? substr(line, RLENGTH + 1) : ""
        }
    }
}
