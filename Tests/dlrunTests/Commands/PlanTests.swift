import Foundation
import Kernels
import Oracles
import Testing

@Suite struct PlanTests {
  /// The plan of convolutions with few input channels, few output channels, and a plain input with
  /// a gradient.
  @Test func hasNoReferenceLoopsForFewChannels() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      data:
        train: {source: generated_images, channels: 4, height: 8, width: 8, class_count: 2,
                images_per_class: 4, batch_size: 2}
      network:
        - {name: c1, type: Convolution, num_output: 32, kernel_size: 3, pad: 1}
        - {name: d1, type: Deconvolution, num_output: 3, kernel_size: 4, stride: 2, pad: 1}
        - {name: c2, type: Convolution, num_output: 32, kernel_size: 3, pad: 1}
        - {name: pool, type: Pooling, pool: average, global_pooling: true}
        - {name: ip1, type: Linear, num_output: 192}
        - {name: image, type: Reshape, shape: [0, 3, 8, 8]}
        - {name: c3, type: Convolution, num_output: 16, kernel_size: 3}
        - {name: ip2, type: Linear, num_output: 2}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 0.01, max_iter: 4}
      """, to: "m.yaml")
    let plan = try Program.run(["plan", "m.yaml"], in: folder)
    #expect(plan.exitCode == 0, "\(plan.errors)")
    #expect(plan.output.contains("convolution to input") && !plan.output.contains("ref:"))
    #expect(try Program.run(["gradcheck", "m.yaml"], in: folder).exitCode == 0)
  }

  /// A residual block without normalization is one operation, or two if another layer reads the
  /// convolution.
  @Test(.tags(.slow)) func addsWithinAConvolution() throws {
    func train(_ more: String) throws -> (plan: String, losses: [Double]) {
      let folder = try TemporaryFolder()
      try folder.write(
        """
        data:
          train: {source: generated_images, channels: 3, height: 8, width: 8, class_count: 4,
                  images_per_class: 16, batch_size: 16}
        network:
          - {name: stem, type: Convolution, num_output: 16, kernel_size: 3, pad: 1, bottom: data}
          - {name: conv, type: Convolution, num_output: 16, kernel_size: 3, pad: 1}
          \(more)
          - {name: sum, type: Eltwise, bottom: [stem, conv]}
          - {name: relu, type: ReLU, bottom: sum}
          - {name: ip, type: Linear, num_output: 4}
          - {name: loss, type: SoftmaxWithLoss}
        solver: {base_lr: 0.05, max_iter: 12}
        """, to: "m.yaml")
      let plan = try Program.run(["plan", "m.yaml"], in: folder)
      #expect(plan.exitCode == 0, "\(plan.errors)")
      #expect(try Program.run(["gradcheck", "m.yaml"], in: folder).exitCode == 0)
      #expect(try Program.run(["m.yaml", "--output", "run"], in: folder).exitCode == 0)
      let history = try String(contentsOfFile: folder.file("run/history.csv"), encoding: .utf8)
      let rows = history.split(separator: "\n").dropFirst()
      return (plan.output, rows.compactMap { Double($0.split(separator: ",")[3]) })
    }
    let fused = try train("")
    let apart = try train("- {name: unread, type: Silence, bottom: conv}")
    #expect(fused.plan.contains("convolution+sum+relu"))
    #expect(!apart.plan.contains("convolution+sum") && apart.plan.contains("sum+relu"))
    #expect(fused.losses.count == 12 && apart.losses.count == 12)
    for (one, other) in zip(fused.losses, apart.losses) {
      #expect(abs(one - other) < 1e-5 * max(1, abs(other)))
    }
  }

  /// The whole plan of the article's network.
  @Test func printsThePlanOfTheSpiral() throws {
    let result = try Program.run(["plan", Program.model("spiral")], in: TemporaryFolder())
    #expect(result.exitCode == 0)
    #expect(result.errors.isEmpty)
    #expect(
      result.output == """
        forward and backward
        stage 1: whole batch
          data       gather                          swift  → data
          data       gather                          swift  → label
          ip1+relu1  product+relu 20x2x100           tiles  data, ip1.weight, ip1.bias → relu1
          ip2        product 20x100x3 rightᵀ         tiles  relu1, ip2.weight, ip2.bias → ip2
          loss       softmax loss                    swift  ip2, label → loss, probabilities
          loss       softmax loss gradient           swift  probabilities, label, loss → ∂ip2
          ip2        gradient 3x20x100 leftᵀ         tiles  ∂ip2, relu1 → ∂ip2.weight
          ip2        column sum                      swift  ∂ip2 → ∂ip2.bias
          ip2+relu1  product+relu gradient 20x3x100  tiles  ∂ip2, ip2.weight, relu1 → ∂ip1
          ip1        gradient 2x20x100 leftᵀ         tiles  data, ∂ip1 → ∂ip1.weight
          ip1        column sum                      swift  ∂ip1 → ∂ip1.bias

        buffer         shape   region  offset  bytes  steps
        data           20x2    slice    17024    192  1-10
        label          20      slice    14656    128  2-6
        relu1          20x100  slice        0   8000  3-9
        ip2            20x3    slice    14400    256  4-5
        loss           4       joint        0     64  1-11
        probabilities  20x3    slice     8000    256  5-6
        ∂ip2           20x3    slice    16768    256  6-9
        ∂ip1           20x100  slice     8000   8000  9-11
        scratch                slice     8000    512  3-3
        scratch                slice     8000   6400  4-4
        scratch                slice     8000   5120  7-7
        scratch                slice    16000    768  9-9
        scratch                slice        0   5120  10-10
        arena: 17280 bytes (64 joint)

        update
        stage 1: joint
          ip1.weight  update  swift  rates → health of ip1.weight
          ip1.bias    update  swift  rates → health of ip1.bias
          ip2.weight  update  swift  rates → health of ip2.weight
          ip2.bias    update  swift  rates → health of ip2.bias

        buffer                shape  region  offset  bytes  steps
        rates                 8      joint        0     64  1-4
        health of ip1.weight  1      joint       64     64  1-4
        health of ip1.bias    1      joint      128     64  1-4
        health of ip2.weight  1      joint      192     64  1-4
        health of ip2.bias    1      joint      256     64  1-4
        arena: 320 bytes (320 joint)

        """)
  }

  /// The plan of two slices, with the steps of each slice and their joint steps.
  @Test func printsAPlanOfTwoSlices() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      data: {train: {source: moons, points_per_class: 16, batch_size: 16}}
      network:
        - {name: ip1, type: Linear, num_output: 8}
        - {name: tanh1, type: TanH}
        - {name: ip2, type: Linear, num_output: 2}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 0.1, momentum: 0.9, clip_gradients: 1, max_epochs: 2, shards: 2}
      """, to: "two.yaml")
    let result = try Program.run(["plan", "two.yaml"], in: folder)
    #expect(result.exitCode == 0)
    #expect(result.errors.isEmpty)
    #expect(
      result.output == """
        forward and backward
        stage 1: each of 2 slices
          data       gather                swift  → data
          data       gather                swift  → label
          ip1+tanh1  product+tanh 8x2x8    tiles  data, ip1.weight, ip1.bias → tanh1
          ip2        product 8x8x2 rightᵀ  tiles  tanh1, ip2.weight, ip2.bias → ip2
          loss       softmax loss          swift  ip2, label → loss part, probabilities
        stage 2: joint
          loss  sum of slices  swift  loss part → loss
        stage 3: each of 2 slices
          loss   softmax loss gradient  swift  probabilities, label, loss → ∂ip2
          ip2    gradient 2x8x8 leftᵀ   tiles  ∂ip2, tanh1 → ∂ip2.weight part
          ip2    column sum             swift  ∂ip2 → ∂ip2.bias part
          ip2    product 8x2x8          tiles  ∂ip2, ip2.weight → ∂tanh1
          tanh1  tanh gradient          swift  tanh1, ∂tanh1 → ∂ip1
          ip1    gradient 2x8x8 leftᵀ   tiles  data, ∂ip1 → ∂ip1.weight part
          ip1    column sum             swift  ∂ip1 → ∂ip1.bias part
        stage 4: joint
          ip2  sum of slices  swift  ∂ip2.weight part → ∂ip2.weight
          ip2  sum of slices  swift  ∂ip2.bias part → ∂ip2.bias
          ip1  sum of slices  swift  ∂ip1.weight part → ∂ip1.weight
          ip1  sum of slices  swift  ∂ip1.bias part → ∂ip1.bias

        buffer            shape  region  offset  bytes  steps
        data              16x2   slice     1024     64  1-12
        label             16     slice      768     64  2-7
        tanh1             16x8   slice      512    256  3-11
        ip2               16x2   slice      832     64  4-5
        loss              4      joint        0     64  6-17
        loss part         4      slice        0     64  5-6
        probabilities     16x2   slice       64     64  5-7
        ∂ip2              16x2   slice      832     64  7-10
        ∂tanh1            16x8   slice        0    256  10-11
        ∂ip2.weight part  2x8    slice     1088     64  8-14
        ∂ip2.bias part    2      slice     1152     64  9-15
        ∂ip1              16x8   slice      768    256  11-13
        ∂ip1.weight part  8x2    slice      512     64  12-16
        ∂ip1.bias part    8      slice        0     64  13-17
        scratch                  slice        0    128  3-3
        scratch                  slice        0    512  4-4
        scratch                  slice        0    512  8-8
        scratch                  slice      256    128  10-10
        scratch                  slice        0    512  12-12
        arena: 2496 bytes (2 × 1216 of slices, 64 joint)

        update
        stage 1: joint
          ip1.weight  sum of squares  swift  → squares of ∂ip1.weight
          ip1.bias    sum of squares  swift  → squares of ∂ip1.bias
          ip2.weight  sum of squares  swift  → squares of ∂ip2.weight
          ip2.bias    sum of squares  swift  → squares of ∂ip2.bias
        stage 2: joint
          solver  clip  swift  squares of ∂ip1.weight, squares of ∂ip1.bias, squares of ∂ip2.weight, squares of ∂ip2.bias → rates
        stage 3: joint
          ip1.weight  update  swift  rates → health of ip1.weight
          ip1.bias    update  swift  rates → health of ip1.bias
          ip2.weight  update  swift  rates → health of ip2.weight
          ip2.bias    update  swift  rates → health of ip2.bias

        buffer                  shape  region  offset  bytes  steps
        rates                   8      joint        0     64  5-9
        squares of ∂ip1.weight  1      joint       64     64  1-9
        squares of ∂ip1.bias    1      joint      128     64  1-9
        squares of ∂ip2.weight  1      joint      192     64  1-9
        squares of ∂ip2.bias    1      joint      256     64  1-9
        health of ip1.weight    1      joint      320     64  6-9
        health of ip1.bias      1      joint      384     64  6-9
        health of ip2.weight    1      joint      448     64  6-9
        health of ip2.bias      1      joint      512     64  6-9
        arena: 576 bytes (576 joint)

        """)
  }

  /// The plan depends only on the model, and not on the processor's instructions.
  @Test(arguments: ["digits_cnn", "unet", "spiral"])
  func doesNotDependOnTheProcessor(model: String) throws {
    let plans = try TileTable.all.map { table in
      try Program.run(
        ["plan", Program.model(model)], in: TemporaryFolder(),
        environment: [TileTable.variable: table.name]
      ).output
    }
    #expect(plans.allSatisfy { $0 == plans[0] && $0.contains("tiles") })
  }

  /// The plan depends only on the model.
  @Test func doesNotDependOnThreads() throws {
    let folder = try TemporaryFolder()
    let plans = try ["1", "7"].map { threads in
      try Program.run(
        ["plan", Program.model("digits"), "--threads", threads], in: folder
      ).output
    }
    #expect(plans[0] == plans[1])
    #expect(plans[0].hasPrefix("forward and backward\nstage 1: whole batch\n"))
  }

  /// The update of a solver with norms of whole parameters, bounded rows and averages.
  @Test func printsTheStagesOfAnUpdate() throws {
    let folder = try TemporaryFolder()
    let result = try Program.run(
      [
        "plan", Program.model("spiral"), "--set", "solver.type=LAMB", "--set",
        "solver.momentum=0.9", "--set", "solver.weight_decay=0", "--set", "solver.ema=0.9",
        "--set", "solver.regularization_type={type: max_norm, limit: 2}",
      ], in: folder)
    #expect(result.exitCode == 0, "\(result.errors)")
    let text = result.output
    let start = try #require(text.range(of: "\nupdate\n"))
    let end = try #require(text.range(of: "\n\n", range: start.upperBound..<text.endIndex))
    #expect(
      text[start.upperBound..<end.lowerBound] == """
        stage 1: joint
          ip1.weight  norms  swift  rates → squares of ip1.weight
          ip2.weight  norms  swift  rates → squares of ip2.weight
        stage 2: joint
          ip1.weight  update  swift  rates, squares of ip1.weight → health of ip1.weight
          ip1.bias    update  swift  rates → health of ip1.bias
          ip2.weight  update  swift  rates, squares of ip2.weight → health of ip2.weight
          ip2.bias    update  swift  rates → health of ip2.bias
        stage 3: joint
          ip1.weight  bound rows  swift  health of ip1.weight → health of ip1.weight
          ip2.weight  bound rows  swift  health of ip2.weight → health of ip2.weight
        stage 4: joint
          ip1.weight  average  swift  rates, health of ip1.weight →
          ip1.bias    average  swift  rates, health of ip1.bias →
          ip2.weight  average  swift  rates, health of ip2.weight →
          ip2.bias    average  swift  rates, health of ip2.bias →
        """)
  }
}
