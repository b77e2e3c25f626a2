# ban(where, words, what to do instead): where is a pattern of file names.
function ban(where, words, instead,    list, count, i) {
    count = split(words, list, " ")
    for (i = 1; i <= count; i++) {
        banned_where[list[i]] = where
        banned_instead[list[i]] = instead
    }
}

BEGIN {
    product = "^(validators|gateway)/"
    ban(product, "malloc calloc realloc free strdup strndup asprintf vasprintf reallocarray",
        "memory comes from an arena (validators/base/arena.h)")
    ban(product, "strcpy strcat sprintf vsprintf strncpy strncat gets stpcpy",
        "use struct str and struct buf")
    ban(product, "strtok strtok_r", "use str_cut")
    ban(product, "atoi atol atoll strtol strtoul strtoll strtoull sscanf", "use str_to_number or amount_parse")
    ban("^(validators|gateway|tests)/", "alloca system popen tmpnam mktemp", "it cannot be used safely")
    ban("^(validators|gateway|tests)/", "goto", "return early, tie handles to the arena")
    ban("^(validators|gateway|tests)/", "setjmp longjmp", "return an enum err")
    ban(product, "float double strtod strtof atof", "amounts are int64 grosze (validators/base/amount.h); count time in whole units")
    ban("^validators/", "getenv secure_getenv setenv putenv", "validators/ is pure: take it as an argument")
    ban("^validators/", "time clock clock_gettime gettimeofday localtime localtime_r gmtime gmtime_r mktime strftime",
        "validators/ knows no clock: the moment is an argument (validators/base/moment.h)")
    ban("^validators/", "fopen open openat read write socket connect mmap stat opendir remove unlink",
        "validators/ opens nothing: take bytes as an argument")
    ban("^validators/", "setlocale isalpha isdigit isalnum isspace isupper islower toupper tolower strcoll strcasecmp strncasecmp",
        "validators/ knows no locale: compare bytes")
    ban("^validators/", "rand srand random srandom getrandom arc4random", "validators/ is deterministic")
    ban("^validators/", "xmlReadFile xmlParseFile xmlCtxtReadFile xmlReadFd xmlCtxtReadFd xmlSchemaNewParserCtxt xmlNewTextReaderFilename xmlCreateFileParserCtxt xmlCreateURLParserCtxt xmlSchemaValidateFile",
        "libxml2 opens nothing here: give it memory")
    ban(product, "XML_PARSE_NOENT XML_PARSE_DTDLOAD XML_PARSE_DTDATTR XML_PARSE_DTDVALID XML_PARSE_XINCLUDE XML_PARSE_HUGE XML_PARSE_RECOVER XML_PARSE_SAX1 XML_PARSE_OLDSAX XML_PARSE_UNZIP",
        "this flag of libxml2 widens what hostile input can do")
    # Words that are banned as such; all others only as a call.
    split("goto float double", list, " ")
    for (i in list) keyword[list[i]] = 1
    allowed["validators/base/arena.c"] = " malloc calloc realloc free "
}

function complain(what) { print FILENAME ":" FNR ": " what }

FNR == 1 { in_comment = 0 }

{
    was_in_comment = in_comment
    rest = code = code_only($0)
    if (code ~ /^[ \t]*#[ \t]*include/) next
    while (match(rest, /[A-Za-z_][A-Za-z0-9_]*/)) {
        word = substr(rest, RSTART, RLENGTH)
        before = RSTART > 1 ? substr(rest, RSTART - 1, 1) : ""
        before_two = RSTART > 2 ? substr(rest, RSTART - 2, 2) : ""
        rest = substr(rest, RSTART + RLENGTH)
        if (!(word in banned_where) || FILENAME !~ banned_where[word]) continue
        if (index(allowed[FILENAME], " " word " ")) continue
        # A member (x.time, x->read) is not a call of the C library.
        if (before == "." || before_two == "->") continue
        if (word in keyword || word ~ /^XML_PARSE_/ || rest ~ /^\(/) {
            complain("'" word "' is not used here; " banned_instead[word])
        }
    }
    if (code ~ /^[ \t]*typedef[ \t].*\*[ \t]*[A-Za-z_0-9]+[ \t]*;/ && code !~ /\(/) {
        complain("a typedef hides a pointer; write struct thing *")
    }
    bare = $0
    gsub(/"([^"\\]|\\.)*"/, "", bare)
    if (!was_in_comment && bare ~ /(^|[ \t;{}])\/\// && index(code, "//") == 0 && bare !~ /\/\*.*\/\//) {
        complain("a // comment; write /* */")
    }
    if (bare ~ /(TODO|FIXME|XXX)([^A-Za-z0-9_]|$)/) {
        complain("a note to ourselves stays in the code; do it, or file an issue and leave no trace here")
    }
}
