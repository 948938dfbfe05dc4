import Fields
import Files
import Layers
import Oracles
import Testing
import YAML

@Suite("Choices in the fields of layers") struct CaffeSpellingsTests {
  @Test(
    "can have Caffe's names",
    arguments: [
      ("Pooling, kernel_size: 2, pool", "MAX", "max"),
      ("Pooling, kernel_size: 2, pool", "AVE", "average"),
      ("Pooling, kernel_size: 2, round_mode", "CEIL", "ceil"),
      ("Pooling, kernel_size: 2, round_mode", "FLOOR", "floor"),
      ("SPP, pyramid_height: 2, pool", "max", "MAX"),
      ("SPP, pyramid_height: 2, pool", "average", "AVE"), ("Eltwise, operation", "prod", "PROD"),
      ("LRN, norm_region", "within_channel", "WITHIN_CHANNEL"),
      ("Reduction, operation", "sumsq", "SUMSQ"), ("HingeLoss, norm", "l2", "L2"),
      ("SoftmaxWithLoss, normalization", "batch_size", "BATCH_SIZE"),
    ])
  func spellings(field: String, spelling: String, name: String) throws {
    let layer = try LayerCatalog.all.decoded("{type: \(field): \(spelling)}")
    let same = try LayerCatalog.all.decoded("{type: \(field): \(name)}")
    let key = try #require(field.split(separator: " ").last)
    #expect(layer.encodedFields.map(\.value.json) == same.encodedFields.map(\.value.json))
    #expect(
      layer.encodedFields.first { $0.key.scalar?.text == String(key) }?.value.scalar?.text == name)
  }

  @Test(
    "are refused with their field and the intended name",
    arguments: [
      (
        "{type: Pooling, kernel_size: 2, pool: AVG}", 39,
        "pool: expected one of max, average (or AVE), received 'AVG'; did you mean 'AVE'?"
      ),
      (
        "{type: Pooling, kernel_size: 2, pool: STOCHASTIC}", 39,
        "pool: expected one of max, average (or AVE), received 'STOCHASTIC'"
      ),
    ])
  func refusals(yaml: String, column: Int, message: String) {
    #expect(throws: Diagnostics.self) { try LayerCatalog.all.decoded(yaml) }
    do throws(Diagnostics) {
      _ = try LayerCatalog.all.decoded(yaml)
    } catch {
      #expect(
        error.rendered == """
          test.yaml:1:\(column): error: \(message)
              1 | \(yaml)
                | \(String(repeating: " ", count: column - 1))^
          """)
    }
  }
}
