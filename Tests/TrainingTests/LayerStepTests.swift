import AllocationCounter
import DataSources
import ModelFiles
import Oracles
import RunOracles
import Testing
import Training
import YAML

@Suite("The kernels of layers") struct LayerStepTests {
  @Test(
    "allocate nothing in a step, and train", .enabled(if: allocation_counting_is_available()),
    .tags(.slow))
  func allocations() async {
    await #expect(processExitsWith: .success) {
      let text = """
        data:
          train: {source: spiral, points_per_class: 50, batch_size: 10}
        network:
        - {name: ip1, type: Linear, num_output: 12}
        - {name: image, type: Reshape, shape: [0, 3, 2, 2]}
        - {name: pad, type: Pad, axis: 1, low: 1, mode: edge}
        - {name: large, type: Upsample, mode: bilinear}
        - {name: near, type: Upsample, scale: [1, 2]}
        - {name: part, type: Crop, bottom: [near, large]}
        - {name: group, type: GroupNorm, num_groups: 2}
        - {name: turned, type: Permute, order: [0, 1, 3, 2]}
        - {name: lrn, type: LRN, local_size: 3}
        - {name: halves, type: Slice, top: [left, right]}
        - {name: noise, type: DummyData, shape: [2, 1, 4], data_filler: {type: gaussian, std: 0.1}}
        - {name: most, type: Eltwise, bottom: [left, right, noise], operation: MAX}
        - {name: product, type: Eltwise, bottom: [most, right], operation: PROD}
        - {name: both, type: Concat, bottom: [product, left]}
        - {name: mvn, type: MVN}
        - {name: spp, type: SPP, pyramid_height: 2}
        - {name: best, type: ArgMax, top_k: 2}
        - {name: words, type: Embed, input_dim: 20, num_output: 4}
        - {name: flat, type: Flatten}
        - {name: prior, type: Parameter, shape: [8]}
        - {name: sum, type: Eltwise, bottom: [flat, prior], coeff: [1, 0.5]}
        - {name: tiled, type: Tile, tiles: 2}
        - {name: joined, type: Concat, bottom: [spp, tiled]}
        - {name: norm, type: LayerNorm}
        - {name: unused, type: Silence, bottom: noise}
        - {name: ip2, type: Linear, num_output: 3, bottom: norm}
        - {name: loss, type: SoftmaxWithLoss}
        - {name: size, type: Reduction, bottom: sum, operation: SUMSQ, loss_weight: 0.001}
        solver: {base_lr: 0.05, max_iter: 900, shards: 2}
        """
      let document = try Node.parse(Array(text.utf8), name: "layers.yaml")
      let model = try PreparedModel(document, path: "layers.yaml")
      let (train, test, _) = try loadParts(
        train: model.file.data.train, test: model.file.data.test, directory: ".", seed: 1)
      let trainer = try Trainer(model, train: train, test: test, threads: 2)
      var count = -1
      let outcome = trainer.run { progress in
        switch progress.iteration {
        case 301: allocation_counting_begin()
        case 800: count = allocation_counting_end()
        default: break
        }
        return true
      }
      #expect(outcome == .completed)
      #expect(count == 0)
    }
  }
}
