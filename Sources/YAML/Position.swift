internal import CYAML

/// A line and a column as libyaml counts them, but starting from 1.
struct Position {
  let line: Int
  let column: Int
}

extension Position {
  init(_ mark: yaml_mark_t) {
    self.init(line: mark.line + 1, column: mark.column + 1)
  }
}
