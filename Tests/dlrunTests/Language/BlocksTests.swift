import Oracles
import Testing

/// Tests blocks on the command line, in a network of residual blocks without their sums.
@Suite struct BlocksTests {
  private let residual = """
    variables: {width: 4}
    data: {train: {source: spiral, points_per_class: 8, batch_size: $(width * 2)}}

    blocks:
      residual:
        parameters: {channels: ~, shrinks: false}
        layers:
          - {name: ip1, type: Linear, num_output: $(channels), bias_term: false}
          - {name: relu1, type: ReLU}
          - {name: ip2, type: Linear, num_output: $(channels), bias_term: false}
          - {name: shortcut, type: Linear, num_output: $(channels), bottom: input, when: $(shrinks)}
          - {name: relu2, type: ReLU, bottom: shortcut}

    network:
      - {name: ip, type: Linear, num_output: $(width)}
      - {name: stage1, block: residual, repeat: 2, channels: $(width)}
      - {name: stage2, block: residual, repeat: 2, channels: $(2 * width), shrinks: $(index == 0)}
      - {name: score, type: Linear, num_output: 3}
      - {name: loss, type: SoftmaxWithLoss}

    solver: {base_lr: 0.1, max_epochs: 1}

    """

  @Test func expandToPlainLayers() throws {
    let folder = try TemporaryFolder()
    try folder.write(residual, to: "residual.yaml")
    let result = try Program.run(["expand", "residual.yaml"], in: folder)
    #expect(result.errors.isEmpty)
    #expect(result.exitCode == 0)
    let names = result.output.split(separator: "\n").compactMap { line -> String? in
      guard line.hasPrefix("- name: ") || line.hasPrefix("- {name: ") else { return nil }
      let start = line.hasPrefix("- {") ? line.dropFirst(9) : line.dropFirst(8)
      return String(start.prefix { $0 != "," })
    }
    #expect(
      names == [
        "ip", "stage1/0/ip1", "stage1/0/relu1", "stage1/0/ip2", "stage1/0/relu2", "stage1/1/ip1",
        "stage1/1/relu1", "stage1/1/ip2", "stage1/1/relu2", "stage2/0/ip1", "stage2/0/relu1",
        "stage2/0/ip2", "stage2/0/shortcut", "stage2/0/relu2", "stage2/1/ip1", "stage2/1/relu1",
        "stage2/1/ip2", "stage2/1/relu2", "score", "loss",
      ])
    for line in [
      "- {name: stage1/0/relu2, type: ReLU, bottom: [ip], top: [stage1/0], negative_slope: 0}",
      "- {name: stage1/1/relu2, type: ReLU, bottom: [stage1/0], top: [stage1], negative_slope: 0}",
      "- {name: stage2/1/relu2, type: ReLU, bottom: [stage2/0], top: [stage2], negative_slope: 0}",
    ] {
      #expect(result.output.contains("\(line)\n"), "\(line)")
    }
    #expect(!result.output.contains("block"))
    #expect(!result.output.contains("$("))
    // The output is the same model.
    try folder.write(result.output, to: "again.yaml")
    let again = try Program.run(["expand", "again.yaml"], in: folder)
    #expect(again.output == result.output)
  }

  /// The model without blocks gives the same bits.
  @Test func trainLikePlainLayers() throws {
    let folder = try TemporaryFolder()
    try folder.write(residual, to: "residual.yaml")
    let plain = try Program.run(["expand", "residual.yaml"], in: folder)
    try folder.write(plain.output, to: "plain.yaml")
    for name in ["residual", "plain"] {
      let run = try Program.run(["\(name).yaml", "--output", name], in: folder)
      #expect(run.exitCode == 0, "\(run.errors)")
    }
    for file in ["model.yaml", "history.csv", "weights.safetensors"] {
      #expect(try folder.bytes("residual/\(file)") == folder.bytes("plain/\(file)"), "\(file)")
    }
  }

  @Test func followOverrides() throws {
    let folder = try TemporaryFolder()
    try folder.write(residual, to: "residual.yaml")
    let result = try Program.run(
      [
        "show", "residual.yaml", "--set", "variables.width=6", "--set", "network.stage1.repeat=1",
        "--set", "blocks.residual.parameters.shrinks=true",
      ], in: folder)
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.output.contains("\nstage1/0/shortcut  Linear           12x6"))
    #expect(!result.output.contains("stage1/1"))
    #expect(result.output.contains("\nstage2/1/ip2       Linear           12x12"))
  }

  /// A mismatched layer is reported at its line in the block, with the calls that lead to it.
  @Test func reportMistakesWithTheirCalls() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      residual.replacing("bottom: shortcut}", with: "bottom: loss}")
        .replacing("channels: $(width)}", with: "chanels: $(width)}"), to: "wrong.yaml")
    let result = try Program.run(["check", "wrong.yaml"], in: folder)
    #expect(result.exitCode == 1)
    #expect(
      result.errors == """
        wrong.yaml:12:43: error: bottom 'loss' is not a layer, call or input of the block (its \
        inputs: input)
           12 |       - {name: relu2, type: ReLU, bottom: loss}
              |                                           ^
        wrong.yaml:5:3: note: in the block 'residual', defined here
            5 |   residual:
              |   ^
        wrong.yaml:17:5: note: called here, where index is 0
           17 |   - {name: stage2, block: residual, repeat: 2, channels: $(2 * w…
              |     ^
        wrong.yaml:16:48: error: call 'stage1': block 'residual' has no parameter 'chanels'; did \
        you mean 'channels'?
           16 |   - {name: stage1, block: residual, repeat: 2, chanels: $(width)}
              |                                                ^
        wrong.yaml:5:3: note: the block is defined here
            5 |   residual:
              |   ^
        wrong.yaml:16:45: note: where index is 0
           16 |   - {name: stage1, block: residual, repeat: 2, chanels: $(width)}
              |                                             ^

        """)
  }

  /// A message about shapes also names the call.
  @Test func reportShapesWithTheirCalls() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      data: {train: {source: spiral}}
      blocks:
        head:
          parameters: {classes: ~}
          layers:
            - {name: ip, type: Linear, num_output: $(classes)}
            - {name: loss, type: SoftmaxWithLoss}
      network:
        - {name: head, block: head, classes: 2}
      solver: {base_lr: 0.1, max_epochs: 1}
      """, to: "shape.yaml")
    let result = try Program.run(["check", "shape.yaml"], in: folder)
    #expect(result.exitCode == 1)
    #expect(
      result.errors == """
        shape.yaml:7:9: error: layer 'head/loss' (SoftmaxWithLoss): 2 scores for 3 classes; \
        received data 32x2 → head 32x2
            7 |       - {name: loss, type: SoftmaxWithLoss}
              |         ^
        shape.yaml:3:3: note: in the block 'head', defined here
            3 |   head:
              |   ^
        shape.yaml:9:5: note: called here
            9 |   - {name: head, block: head, classes: 2}
              |     ^

        """)
  }
}
