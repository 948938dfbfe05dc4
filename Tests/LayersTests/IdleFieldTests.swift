import Fields
import Files
import Layers
import Oracles
import Testing
import YAML

@Suite("Fields without effect") struct IdleFieldTests {
  @Test(
    "are refused at their place",
    arguments: [
      (
        "{type: LRN, norm_region: WITHIN_CHANNEL, k: 2}", 45,
        "k: expected none, since norm_region WITHIN_CHANNEL has a k of 1"
      ),
      (
        "{type: Pad, low: 1, mode: reflect, value: 3}", 43,
        "value: expected none, since mode reflect repeats elements of the bottom"
      ),
      (
        "{type: MVN, normalize_variance: false, eps: 0.1}", 45,
        "eps: expected none, since normalize_variance is false"
      ),
      (
        "{type: BatchNorm, affine: false, weight_filler: xavier}", 49,
        "weight_filler: expected none, since affine is false"
      ),
      (
        "{type: LayerNorm, affine: false, bias_filler: xavier}", 47,
        "bias_filler: expected none, since affine is false"
      ),
      (
        "{type: RMSNorm, weight_filler: xavier, affine: false}", 32,
        "weight_filler: expected none, since affine is false"
      ),
      (
        "{type: InstanceNorm, weight_filler: xavier}", 37,
        "weight_filler: expected none, since affine is false"
      ),
      (
        "{type: Linear, num_output: 3, bias_term: false, bias_filler: xavier}", 62,
        "bias_filler: expected none, since bias_term is false"
      ),
      (
        "{type: Convolution, num_output: 3, kernel_size: 1, bias_term: false, bias_filler: xavier}",
        83, "bias_filler: expected none, since bias_term is false"
      ),
      (
        "{type: Scale, bias_filler: xavier}", 28,
        "bias_filler: expected none, since bias_term is false"
      ),
      (
        "{type: Bias, axis: 7, num_axes: 0}", 20,
        "axis: expected none, since num_axes 0 spans no axis"
      ),
      (
        "{type: Recall, class: 1, average: micro}", 35,
        "average: expected none, since class 1 is the only class that counts"
      ),
      (
        "{type: Pad, low: [0, 0]}", 1,
        "layer Pad: expected a number above 0 in low or high: the layer adds nothing"
      ),
      ("Pad", 1, "layer Pad: expected a number above 0 in low or high: the layer adds nothing"),
      (
        "{type: SoftmaxWithLoss, weights: [0, 0]}", 1,
        "layer SoftmaxWithLoss: weights: expected a number above 0: with 0 for all classes the "
          + "loss is constant"
      ),
      (
        "{type: FocalLoss, alpha: [0]}", 1,
        "layer FocalLoss: alpha: expected a number above 0: with 0 for all classes the loss is "
          + "constant"
      ),
    ])
  func refusals(yaml: String, column: Int, message: String) {
    let diagnostics = #expect(throws: Diagnostics.self) { try LayerCatalog.all.decoded(yaml) }
    #expect(diagnostics?.all.map(\.message) == [message])
    #expect(diagnostics?.all.map(\.mark.column) == [column])
  }

  /// A layer of a resolved model file can be read again.
  @Test(
    "are missing in the resolved file",
    arguments: [
      "{type: LRN, norm_region: WITHIN_CHANNEL}", "{type: Pad, low: 1, mode: edge}",
      "{type: MVN, normalize_variance: false}", "{type: BatchNorm, affine: false}",
      "InstanceNorm", "{type: Linear, num_output: 3, bias_term: false}", "Scale",
      "{type: Bias, num_axes: 0}", "{type: F1Score, class: 1}",
      "{type: DropConnect, num_output: 2, bias_term: false}",
      "{type: Embed, num_output: 2, input_dim: 3, bias_term: false}",
    ])
  func written(yaml: String) throws {
    let layer = try LayerCatalog.all.decoded(yaml)
    let again = try LayerCatalog.all.decoded(Node(.mapping(layer.encodedEntry)))
    #expect(again.encodedFields.map(\.value.json) == layer.encodedFields.map(\.value.json))
    #expect(layer.encodedFields.count < type(of: layer).fieldDescriptions.count)
  }
}
