internal import Fields
internal import Kernels

/// The place where the learning rate enters momentum.
package enum MomentumForm: String, FieldChoice {
  /// At the step: w ← w − r·v.
  case pytorch
  /// In the velocity: v = m·v + r·g.
  case caffe
}
