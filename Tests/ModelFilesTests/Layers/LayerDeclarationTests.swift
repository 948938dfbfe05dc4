import Layers
import ModelFiles
import ModelOracles
import Oracles
import Testing
import YAML

@Suite("Layers of a model file")
struct LayerDeclarationTests {
  private func layer(_ text: String) throws -> LayerDeclaration {
    try model(network([text, "name: loss_, type: SoftmaxWithLoss"])).network[0]
  }

  @Test("have their name and type in messages, with the entry's type for an alias")
  func subjects() throws {
    #expect(try layer("name: a, type: Linear, num_output: 3").subject == "layer 'a' (Linear)")
    #expect(try layer("name: a, type: InnerProduct, num_output: 3").subject == "layer 'a' (Linear)")
    #expect(try layer("name: 7, type: ReLU").subject == "layer '7' (ReLU)")
  }

  @Test("accept a single name or a list of names")
  func blobs() throws {
    let one = try layer("name: a, type: ReLU, bottom: data, top: b")
    #expect((one.header.bottoms, one.tops) == (["data"], ["b"]))
    let list = try layer("name: a, type: EuclideanLoss, bottom: [data, label], top: [b]")
    #expect((list.header.bottoms, list.tops) == (["data", "label"], ["b"]))
    #expect(try layer("name: a, type: ReLU, bottom: ~, top: ~, param: ~").tops == ["a"])
  }

  @Test("are written as they are read, with defaults filled in")
  func encoded() throws {
    #expect(
      try layer("name: a, type: ReLU, top: b, phase: train").encoded.valueText
        == "{name: 'a', type: 'ReLU', top: ['b'], phase: 'train', negative_slope: 0}")
    #expect(
      try layer("name: a, type: Linear, num_output: 3, param: {lr_mult: 0}").encoded["param"]?
        .valueText == "[{lr_mult: 0, decay_mult: 1}]")
  }

  @Test(
    "refuse wrong values of their common fields",
    arguments: [
      (
        "name: '', type: ReLU", 12,
        "name: expected a name of 1 to 200 printable characters, received ''"
      ),
      (
        "name: \"a\\nb\", type: ReLU", 12,
        "name: expected a name of 1 to 200 printable characters, received 'a\\nb'"
      ),
      (
        "name: \"a\\u202Eb\", type: ReLU", 12,
        "name: expected a name of 1 to 200 printable characters, received 'a\\u{202E}b'"
      ),
      (
        "name: [a], type: ReLU", 12,
        "name: expected a name of 1 to 200 printable characters, received a list of 1"
      ),
      (
        "name: a, type: ReLU, bottom: []", 35,

        """
        bottom: expected a list, each item a name of 1 to 200 printable characters, received an \
        empty list
        """
      ),
      (
        "name: a, type: ReLU, top: [b, '']", 36,
        "top: expected a list, each item a name of 1 to 200 printable characters, received ''"
      ),
      (
        "name: a, type: ReLU, phase: trian", 34,
        "phase: expected one of train, test, received 'trian'; did you mean 'train'?"
      ),
      (
        "name: a, type: ReLU, loss_weight: [1, 2]", 40,
        "layer 'a': loss_weight: expected at most 1 number, one for each top, received 2"
      ),
      (
        "name: a, type: Accuracy, loss_weight: 1", 44,
        "layer 'a': loss_weight: Accuracy is a metric, which is not minimised"
      ),
      (
        "name: a, type: ReLU, param: 5", 34,
        "param: expected a list, each item a mapping with name, lr_mult, decay_mult, "
          + "weight_decay, regularization_type, received '5'"
      ),
      (
        "name: a, type: ReLU, param: [5]", 35,
        "param: expected a list, each item a mapping with name, lr_mult, decay_mult, "
          + "weight_decay, regularization_type, received '5'"
      ),
      (
        "name: a, type: ReLU, param: {lr_mult: 1e7}", 44,
        "lr_mult: expected a number from 0 to 1000000, received '1e7'"
      ),
      (
        "name: a, type: ReLU, param: {weight_decay: -1}", 49,
        "weight_decay: expected a number from 0 to 1000000, received '-1'"
      ),
      (
        "name: a, type: ReLU, param: {regularization_type: L3}", 56,
        "unknown regularizer type 'L3' (known types: L2, L1, elastic, max_norm); did you mean 'L2'?"
      ),
      (
        "name: a, type: ReLU, param: {regularization_type: {type: max_norm, limit: 3}, "
          + "weight_decay: 0.5}", 34,
        "param: expected no weight_decay beside regularization_type max_norm, which has no "
          + "strength, received 0.5"
      ),
      (
        "name: a, type: ReLU, param: {name: ''}", 41,
        "name: expected a name of 1 to 200 printable characters, received ''"
      ),
      ("name: a, type: ReLU, param: {decay: 1}", 35, "param: unknown field 'decay'"),
      (
        "name: a", 5,

        """
        layer 'a': 'type' is missing: expected a layer type ('dlrun help-layer' lists them)
        """
      ),
      (
        "name: a, type: [ReLU]", 21,

        """
        unknown layer type a list of 1 ('dlrun help-layer' lists them)
        """
      ),
      (
        "name: a, type: ReLU, negative_slop: 1", 27,
        "layer 'a': unknown field 'negative_slop'; did you mean 'negative_slope'?"
      ),
      (
        "name: a, type: Scale, bottom: [data, label], axis: 0, num_axes: 2", 70,
        "num_axes: expected none, since the second bottom determines the spanned axes"
      ),
      (
        "name: a, type: Bias, bottom: [data, label], axis: 0, filler: xavier", 67,
        "filler: expected none, since the second bottom replaces the learned numbers"
      ),
      ("name: a, type: ReLU, num_output: 3", 27, "layer 'a': unknown field 'num_output'"),
    ])
  func mistakes(layer: String, column: Int, message: String) {
    #expect(
      headlines(in: network([layer])) == ["model.yaml:4:\(column): error: \(message)"])
  }

  @Test("are written without fields that have no effect for their bottoms")
  func idleFields() throws {
    #expect(
      try layer("name: a, type: Bias, bottom: [data, label], axis: 0").encoded.valueText
        == "{name: 'a', type: 'Bias', bottom: ['data', 'label'], axis: 0}")
  }

  @Test("have names of up to 200 characters", arguments: [(200, true), (201, false)])
  func longNames(length: Int, isFine: Bool) {
    let name = String(repeating: "ä", count: length)
    #expect(headlines(in: network(["name: \(name), type: ReLU"])).isEmpty == isFine)
  }
}
