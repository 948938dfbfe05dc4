internal import Expressions
internal import YAML

/// What the names in `${…}` and `$(…)` stand for at a place of the document.
///
/// A block's parameter hides a variable of its name, and in a repeated layer `index` hides both.
struct Scope: Sendable {
  /// A value with its extent.
  struct Argument: Sendable {
    let node: Node
    /// Scalars and collections in it, keys among them.
    let nodeCount: Int
    /// Collections inside collections: 0 for a scalar.
    let height: Int
    /// Whether all of it is known.
    let isKnown: Bool

    /// A value that nothing is known of.
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

  /// Each with its value, and the place of that; unknown where the value was wrong, and reported.
  private(set) var variables: [String: Node] = [:]
  /// All that the file has, in its order, whether they have a value yet or not.
  var variableNames: [String] = []
  /// True where the section of the variables could not be read: any name may be one.
  var lacksVariables = false
  /// True where a condition that does not hold guards what is read: no value is put in, since it may
  /// be wrong for that very reason.
  var isGuarded = false
  private(set) var parameters: [String: Argument] = [:]
  /// All that the block has, in its order.
  var parameterNames: [String] = []
  /// Which copy of a repeated layer it is, from 0; nil outside of one.
  var index: Int?

  static let index = "index"

  mutating func define(variable name: String, _ value: Node) { variables[name] = value }

  mutating func define(parameter name: String, _ value: Argument) { parameters[name] = value }

  /// The scope of a block's own texts: its parameters, which have no values yet, and the variables.
  func block(parameters names: [String]) -> Scope {
    var scope = self
    scope.parameters = [:]
    scope.parameterNames = names
    scope.index = nil
    return scope
  }

  /// What `$(name)` stands for; nil for a name without a value.
  subscript(name: String) -> Argument? {
    if name == Scope.index, let index { return Argument(.plain(String(index))) }
    if parameterNames.contains(name) { return parameters[name] }
    return variables[name].map { Argument($0.mark.isUnknown ? $0 : Node($0.value)) }
  }

  /// Whether a name that is used without a value may yet have one.
  func mayBeVariable(_ name: String) -> Bool { lacksVariables && !parameterNames.contains(name) }

  /// Why `$(name)` has no value, and the name that was probably meant.
  func mistake(in name: String) -> (message: String, suggestion: String?) {
    if parameterNames.contains(name) {
      return ("parameter '\(name.quotable)' is used above its value", nil)
    }
    if variableNames.contains(name) {
      return ("variable '\(name.quotable)' is used above its value", nil)
    }
    if name == Scope.index {
      return (
        "'index' has no value here: it counts the copies of a layer or call with 'repeat', in all "
          + "its fields but 'name', 'top' and 'repeat'", nil
      )
    }
    let known = parameterNames + variableNames
    let nothing = known.isEmpty ? " (there are no variables or parameters here)" : ""
    return ("unknown name '\(name.quotable)' in '$(…)'\(nothing)", known.nearest(to: name))
  }

  /// The same for `${name}`, which reads variables alone.
  func mistake(inVariable name: String) -> (message: String, suggestion: String?) {
    if variableNames.contains(name) {
      return ("variable '\(name.quotable)' is used above its value", nil)
    }
    if parameterNames.contains(name) {
      return ("'\(name.quotable)' is a parameter: it is used as $(\(name.quotable))", nil)
    }
    return (
      "undefined variable '\(name.quotable)'"
        + (variableNames.isEmpty ? " (the file has no variables)" : ""),
      variableNames.nearest(to: name)
    )
  }
}
