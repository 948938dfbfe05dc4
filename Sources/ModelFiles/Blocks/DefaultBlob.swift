internal import DataFiles
internal import DataSources
internal import Layers

/// The blob that a layer without `bottom` reads, depending on its place in the list.
///
/// A layer in only one phase makes this blob differ between the phases.
///
/// All rules of the default bottom:
/// - The first layer reads ``first``, the inputs of the data.
/// - A layer reads the last top of the previous layer that is not a loss or metric, see
///   ``after(_:top:isLeaf:in:)``.
/// - A loss or metric also reads the label, and some layers read nothing, see
///   ``bottoms(of:after:)``.
struct DefaultBlob: Equatable {
  private var train: String
  private var test: String

  static let first = DefaultBlob("data")

  init(_ name: String) { (train, test) = (name, name) }

  /// Returns the default blob after a layer. Nil when it is unknown.
  ///
  /// - Parameters:
  ///   - before: the default blob before the layer. Nil when it is unknown.
  ///   - top: the last top of the layer.
  ///   - isLeaf: whether the layer is a loss or metric.
  ///   - phase: the only phase that contains the layer. Nil for both phases.
  static func after(
    _ before: DefaultBlob?, top: String?, isLeaf: Bool, in phase: DataPhase?
  ) -> DefaultBlob? {
    guard !isLeaf, let top else { return before }
    return phase == nil ? DefaultBlob(top) : before?.replaced(by: DefaultBlob(top), in: phase)
  }

  /// Returns the default bottoms of a layer. The list is empty for a layer that reads nothing.
  ///
  /// - Parameter blob: the default blob before the layer.
  static func bottoms(of layer: any Layer, after blob: String) -> [String] {
    if layer.inputCount.upperBound == 0 { return [] }
    return layer.kind.scoring != nil ? [blob, "label"] : [blob]
  }

  /// Returns the blob's name in one phase, or in both phases. Nil when the phases differ.
  func name(in phase: DataPhase?) -> String? {
    switch phase {
    case .train: train
    case .test: test
    case nil: train == test ? train : nil
    }
  }

  /// Returns the blob with another name in one phase, or in both phases.
  func replaced(by other: DefaultBlob, in phase: DataPhase?) -> DefaultBlob {
    var result = self
    if phase != .test { result.train = other.train }
    if phase != .train { result.test = other.test }
    return result
  }

  func map(_ change: (String) -> String) -> DefaultBlob {
    var result = self
    (result.train, result.test) = (change(train), change(test))
    return result
  }
}
