internal import Expressions
internal import YAML

/// The values of the names in `${…}` and `$(…)` at a place of the document.
///
/// A block's parameter hides a variable with the same name. In a repeated layer, `index` hides
/// both.
struct Scope: Sendable {
  /// A value with its size.
  struct Argument: Sendable {
    let node: Node
    /// The number of its scalars and collections, including keys.
    let nodeCount: Int
    /// The depth of nested collections: 0 for a scalar.
    let height: Int
    /// Whether all of its parts are known.
    let isKnown: Bool

    /// A value that is entirely unknown.
    static let unknown = Argument(Node(Node.plain("").value, at: .unknown))

    init(_ node: Node) {
      self.node = node
      let parts: [Argument]
      switch node.value {
      case .scalar:
        (nodeCount, height, isKnown) = (1, 0, !node.mark.isUnknown)
        return
      case .sequence(let items):
        parts = items.map(Argument.init)
        nodeCount = parts.reduce(1) { $0 + $1.nodeCount }
      case .mapping(let pairs):
        parts = pairs.map { Argument($0.value) }
        nodeCount = parts.reduce(1 + pairs.count) { $0 + $1.nodeCount }
      }
      height = 1 + (parts.map(\.height).max() ?? 0)
      isKnown = !node.mark.isUnknown && parts.allSatisfy(\.isKnown)
    }
  }

  /// The values of the variables, with their places. A wrong value has been reported, and is
  /// unknown here.
  private(set) var variables: [String: Node] = [:]
  /// The names of all variables of the file, in order, including those without a value so far.
  var variableNames: [String] = []
  /// True when the section of variables could not be read. Any name may be a variable.
  var lacksVariables = false
  /// True in an item that a false condition removes. Uses in the item stay unreplaced: an invalid
  /// value may be the reason for the condition.
  var isGuarded = false
  private(set) var parameters: [String: Argument] = [:]
  /// The names of all parameters of the block, in order.
  var parameterNames: [String] = []
  /// The number of the copy of a repeated layer, from 0. Nil outside of a repeated layer.
  var index: Int?

  static let index = "index"

  mutating func define(variable name: String, _ value: Node) { variables[name] = value }

  mutating func define(parameter name: String, _ value: Argument) { parameters[name] = value }

  /// Returns the scope of a block's expressions: the variables, and its parameters without values.
  func block(parameters names: [String]) -> Scope {
    var scope = self
    scope.parameters = [:]
    scope.parameterNames = names
    scope.index = nil
    return scope
  }

  /// Returns the value of `$(name)`. Nil for a name without a value.
  subscript(name: String) -> Argument? {
    if name == Scope.index, let index { return Argument(.plain(String(index))) }
    if parameterNames.contains(name) { return parameters[name] }
    return variables[name].map { Argument($0.mark.isUnknown ? $0 : Node($0.value)) }
  }

  /// Whether a name without a value may be an unread variable.
  func mayBeVariable(_ name: String) -> Bool { lacksVariables && !parameterNames.contains(name) }

  /// Returns the reason why `$(name)` has no value, and the name that was probably meant.
  func mistake(in name: String) -> (message: String, suggestion: String?) {
    if parameterNames.contains(name) {
      return ("parameter '\(name.quotable)' is used before its definition", nil)
    }
    if variableNames.contains(name) {
      return ("variable '\(name.quotable)' is used before its definition", nil)
    }
    if name == Scope.index {
      return (
        "'index' has no value here: it counts the copies of a layer or call with 'repeat', in all "
          + "its fields except 'name', 'top' and 'repeat'", nil
      )
    }
    let known = parameterNames + variableNames
    let nothing = known.isEmpty ? " (there are no variables or parameters here)" : ""
    return ("unknown name '\(name.quotable)' in '$(…)'\(nothing)", known.nearest(to: name))
  }

  /// Returns the reason why `${name}` has no value. `${…}` can use only variables.
  func mistake(inVariable name: String) -> (message: String, suggestion: String?) {
    if variableNames.contains(name) {
      return ("variable '\(name.quotable)' is used before its definition", nil)
    }
    if parameterNames.contains(name) {
      return ("'\(name.quotable)' is a parameter: write $(\(name.quotable))", nil)
    }
    return (
      "undefined variable '\(name.quotable)'"
        + (variableNames.isEmpty ? " (the file has no variables)" : ""),
      variableNames.nearest(to: name)
    )
  }
}
