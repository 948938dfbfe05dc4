extension SyntaxFailureTests {
  /// Documents with one mistake, and what the reader says.
  static let cases: [(text: String, rendered: String)] = [
    // Indentation.
    (
      "a:\n\tb: 1\n",
      """
      test.yaml:2:1: error: a tab cannot indent; use spaces
          2 | \\tb: 1
            | ^
      """
    ),
    (
      "a:\n  b: 1\n\tc: 2\n",
      """
      test.yaml:3:1: error: a tab cannot indent; use spaces
          3 | \\tc: 2
            | ^
      """
    ),
    (
      "a: |\n  b\n\tc\n",
      """
      test.yaml:3:1: error: a tab cannot indent; use spaces
          3 | \\tc
            | ^
      """
    ),
    (
      "a: |\n\tb\n",
      """
      test.yaml:2:1: error: a tab cannot indent; use spaces
          2 | \\tb
            | ^
      """
    ),
    (
      "a:\n  b: 1\n c: 2\n",
      """
      test.yaml:3:2: error: expected a key in column 1: the indentation differs
          3 |  c: 2
            |  ^
      test.yaml:1:1: note: the mapping begins here
          1 | a:
            | ^
      """
    ),
    (
      "a:\n  - 1\n - 2\n",
      """
      test.yaml:3:2: error: expected a key in column 1: the indentation differs
          3 |  - 2
            |  ^
      test.yaml:1:1: note: the mapping begins here
          1 | a:
            | ^
      """
    ),
    (
      "- a\nb: c\n",
      """
      test.yaml:2:1: error: expected '-'
          2 | b: c
            | ^
      test.yaml:1:1: note: the list begins here
          1 | - a
            | ^
      """
    ),
    (
      "a:\n  - b\n  c: d\n",
      """
      test.yaml:3:3: error: expected '-'
          3 |   c: d
            |   ^
      test.yaml:2:3: note: the list begins here
          2 |   - b
            |   ^
      """
    ),
    // Colons.
    (
      "a: b: c\n",
      """
      test.yaml:1:5: error: unexpected ':': a key is not allowed here; put a text with ': ' in \
      quotes, or correct the indentation
          1 | a: b: c
            |     ^
      """
    ),
    (
      "a: 1\n  b: 2\n",
      """
      test.yaml:2:4: error: unexpected ':': a key is not allowed here; put a text with ': ' in \
      quotes, or correct the indentation
          2 |   b: 2
            |    ^
      """
    ),
    (
      "key:value\nother: 1\n",
      """
      test.yaml:2:6: error: unexpected ':': a key is not allowed here; put a text with ': ' in \
      quotes, or correct the indentation
          2 | other: 1
            |      ^
      test.yaml:1:4: note: is a space missing after this ':'?
          1 | key:value
            |    ^
      """
    ),
    (
      "a: 1\nkey:value\nb: 2\n",
      """
      test.yaml:2:4: error: a space is missing after ':'
          2 | key:value
            |    ^
      """
    ),
    (
      "a: 1\nkey\nb: 2\n",
      """
      test.yaml:2:1: error: expected ': ' and a value after this key
          2 | key
            | ^
      """
    ),
    (
      "a: 1\nhttp://b\nc: 2\n",
      """
      test.yaml:2:1: error: expected ': ' and a value after this key
          2 | http://b
            | ^
      """
    ),
    (
      "a: [b:, c]\n",
      """
      test.yaml:1:6: error: a space is missing after ':'
          1 | a: [b:, c]
            |      ^
      """
    ),
    (
      "a: - b\n",
      """
      test.yaml:1:4: error: unexpected '-': a list begins on a line of its own
          1 | a: - b
            |    ^
      """
    ),
    (
      "a: ? b\n",
      """
      test.yaml:1:4: error: unexpected '?': a key is not allowed here
          1 | a: ? b
            |    ^
      """
    ),
    // Brackets and quotes that are not closed, or not opened.
    (
      "a: {x: 1, y: [2, 3\n",
      """
      test.yaml:1:14: error: this '[' is not closed
          1 | a: {x: 1, y: [2, 3
            |              ^
      """
    ),
    (
      "a: {x: 1\n",
      """
      test.yaml:1:4: error: this '{' is not closed
          1 | a: {x: 1
            |    ^
      """
    ),
    (
      "a: [1, 2\nb: 3\n",
      """
      test.yaml:2:2: error: expected ',' or ']'
          2 | b: 3
            |  ^
      test.yaml:1:4: note: the list begins here
          1 | a: [1, 2
            |    ^
      """
    ),
    (
      "a: {b: 1 c: 2}\n",
      """
      test.yaml:1:11: error: expected ',' or '}'
          1 | a: {b: 1 c: 2}
            |           ^
      test.yaml:1:4: note: the mapping begins here
          1 | a: {b: 1 c: 2}
            |    ^
      """
    ),
    (
      "a: {b: 1}}\n",
      """
      test.yaml:1:10: error: unexpected text after the value
          1 | a: {b: 1}}
            |          ^
      """
    ),
    (
      "a: \"x\" y\n",
      """
      test.yaml:1:8: error: unexpected text after the value
          1 | a: "x" y
            |        ^
      """
    ),
    (
      "a: \"b\nc: d\n",
      """
      test.yaml:1:4: error: this quote is not closed
          1 | a: "b
            |    ^
      """
    ),
    (
      "a: 'b\n---\nc'\n",
      """
      test.yaml:1:4: error: this quote is not closed
          1 | a: 'b
            |    ^
      test.yaml:2:1: note: a document ends or begins here
          2 | ---
            | ^
      """
    ),
    // Characters that begin something other than a text.
    (
      "a: @b\n",
      """
      test.yaml:1:4: error: a value cannot begin with '@' here; put the text in quotes
          1 | a: @b
            |    ^
      """
    ),
    (
      "a: %b\n",
      """
      test.yaml:1:4: error: a value cannot begin with '%' here; put the text in quotes
          1 | a: %b
            |    ^
      """
    ),
    (
      "[|\n a]\n",
      """
      test.yaml:1:2: error: a value cannot begin with '|' here; put the text in quotes
          1 | [|
            |  ^
      """
    ),
    (
      "a: *.txt\n",
      """
      test.yaml:1:4: error: '*' begins an alias, whose name has letters, digits, '-' and '_'; put \
      other text in quotes
          1 | a: *.txt
            |    ^
      """
    ),
    (
      "a: &\nb: 1\n",
      """
      test.yaml:1:4: error: '&' begins an anchor, whose name has letters, digits, '-' and '_'; \
      put other text in quotes
          1 | a: &
            |    ^
      """
    ),
    (
      "a: !x!y 1\n",
      """
      test.yaml:1:4: error: '!' begins a tag, but this is not a valid tag; put other text in quotes
          1 | a: !x!y 1
            |    ^
      """
    ),
    (
      "a: !<b 1\n",
      """
      test.yaml:1:4: error: '!' begins a tag, but this is not a valid tag; put other text in quotes
          1 | a: !<b 1
            |    ^
      """
    ),
    (
      "[a, , b]\n",
      """
      test.yaml:1:5: error: expected a value
          1 | [a, , b]
            |     ^
      """
    ),
    // Escapes and block texts.
    (
      "a: \"\\q\"\n",
      """
      test.yaml:1:5: error: unknown escape; write a backslash as '\\\\', or use single quotes
          1 | a: "\\q"
            |     ^
      """
    ),
    (
      "a: \"\\xZZ\"\n",
      """
      test.yaml:1:7: error: expected hexadecimal digits: 2 after '\\x', 4 after '\\u', 8 after '\\U'
          1 | a: "\\xZZ"
            |       ^
      """
    ),
    (
      "a: \"\\uD800\"\n",
      """
      test.yaml:1:7: error: this escape does not name a Unicode character
          1 | a: "\\uD800"
            |       ^
      """
    ),
    (
      "a: |b\n  c\n",
      """
      test.yaml:1:5: error: the text after '|' or '>' begins on the next line
          1 | a: |b
            |     ^
      """
    ),
    (
      "a: |0\n  c\n",
      """
      test.yaml:1:4: error: the indentation after '|' or '>' is a digit from 1 to 9
          1 | a: |0
            |    ^
      """
    ),
    // Directives.
    (
      "%FOO 1\n---\na\n",
      """
      test.yaml:1:1: error: '%' begins a directive, %YAML or %TAG; put other text in quotes
          1 | %FOO 1
            | ^
      """
    ),
    (
      "%YAML 2.0\n---\na\n",
      """
      test.yaml:1:1: error: only YAML 1.1 and 1.2 are read
          1 | %YAML 2.0
            | ^
      """
    ),
    (
      "%YAML 1.2\n%YAML 1.2\n---\na\n",
      """
      test.yaml:2:1: error: this directive repeats one before it
          2 | %YAML 1.2
            | ^
      """
    ),
    (
      "%YAML x\n---\na\n",
      """
      test.yaml:1:1: error: expected '%YAML 1.2' or '%TAG ! prefix'
          1 | %YAML x
            | ^
      """
    ),
    (
      "%YAML 1.2\na: 1\n",
      """
      test.yaml:2:1: error: expected '---' after the directives
          2 | a: 1
            | ^
      """
    ),
  ]
}
