internal import Fields

/// The place where momentum applies the learning rate.
package enum MomentumForm: String, FieldChoice {
  /// At the step: w ← w − r·v.
  case pytorch
  /// In the velocity: v = m·v + r·g.
  case caffe
}
