internal import DataSources
internal import Layers

/// The blob that stands at a place of a list of layers: what a layer without `bottom` reads there.
/// A layer that is in one phase only makes it another one in each.
///
/// These are all rules of the default bottom:
/// - The first layer reads ``first``, the inputs of the data.
/// - A layer reads the last top of the layer before it. Losses and metrics are passed over, see ``after(_:top:isLeaf:in:)``.
/// - A loss or metric also reads the label, and some layers read nothing, see ``bottoms(of:after:)``.
struct Standing: Equatable {
  private var train: String
  private var test: String

  static let first = Standing("data")

  init(_ name: String) { (train, test) = (name, name) }

  /// The blob that stands after a layer; nil if that is not known.
  ///
  /// - Parameters:
  ///   - before: the blob that stands before the layer; nil if it is not known.
  ///   - top: the last top of the layer.
  ///   - isLeaf: whether the layer is a loss or metric.
  ///   - phase: the only phase that has the layer.
  static func after(
    _ before: Standing?, top: String?, isLeaf: Bool, in phase: DataPhase?
  ) -> Standing? {
    guard !isLeaf, let top else { return before }
    return phase == nil ? Standing(top) : before?.replaced(by: Standing(top), in: phase)
  }

  /// The bottoms of a layer that states none: none for a layer that reads nothing.
  ///
  /// - Parameter blob: the blob that stands before it.
  static func bottoms(of layer: any Layer, after blob: String) -> [String] {
    if layer.inputCount.upperBound == 0 { return [] }
    return layer.kind.scoring != nil ? [blob, "label"] : [blob]
  }

  /// The blob of one phase, or of both where they have the same; nil if they have not.
  func name(in phase: DataPhase?) -> String? {
    switch phase {
    case .train: train
    case .test: test
    case nil: train == test ? train : nil
    }
  }

  /// The same with another blob in one phase, or in both.
  func replaced(by other: Standing, in phase: DataPhase?) -> Standing {
    var result = self
    if phase != .test { result.train = other.train }
    if phase != .train { result.test = other.test }
    return result
  }

  func map(_ change: (String) -> String) -> Standing {
    var result = self
    (result.train, result.test) = (change(train), change(test))
    return result
  }
}
