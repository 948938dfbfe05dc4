import Oracles
import Testing

@Suite struct ExpandTests {
  /// The output contains the defaults of all omitted fields.
  @Test func fillsInDefaults() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      variables: {width: 8}
      data: {train: {source: moons}}
      network:
        - {name: ip1, type: InnerProduct, num_output: "${width}"}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 1e-1, max_iter: 2}
      """, to: "short.yaml")
    let result = try Program.run(
      ["expand", "short.yaml", "--set", "variables.width=4", "--set", "seed=9"], in: folder)
    #expect(result.errors.isEmpty)
    #expect(result.exitCode == 0)
    #expect(
      result.output == """
        name: short
        seed: 9
        variables:
          width: 4
        data:
          train:
            source: moons
            points_per_class: 100
            noise: 0.1
            batch_size: 32
            shuffle: true
            scale: 1
            standardize: false
        network:
        - name: ip1
          type: Linear
          num_output: 4
          bias_term: true
          axis: 1
          transpose: false
          weight_filler: {type: xavier, variance_norm: FAN_IN, distribution: uniform}
          bias_filler: {type: constant, value: 0}
        - name: loss
          type: SoftmaxWithLoss
          axis: 1
          label_smoothing: 0
          log_floor: 0
          normalization: VALID
        solver:
          type: SGD
          momentum: 0
          momentum_form: pytorch
          base_lr: 0.1
          lr_policy: fixed
          weight_decay: 0
          regularization_type: L2
          iter_size: 1
          max_iter: 2
          test_interval: 1 epoch
          display: 1
          snapshot: auto
          show_regularization: false

        """)
  }

  /// The output is the same model, in YAML and in JSON (a subset of YAML 1.2).
  @Test(arguments: ["spiral", "spiral_momentum", "iris", "wine", "digits", "diabetes"])
  func printsTextThatReadsAsTheSameModel(name: String) throws {
    let folder = try TemporaryFolder()
    let yaml = try Program.run(["expand", Program.model(name)], in: folder)
    let json = try Program.run(["expand", "--json", Program.model(name)], in: folder)
    #expect(yaml.exitCode == 0)
    #expect(json.exitCode == 0)
    #expect(yaml.output.hasPrefix("name: \(name)\n"))
    #expect(json.output.hasPrefix("{\n  \"name\": \"\(name)\",\n"))
    #expect(json.output.hasSuffix("\n}\n"))
    try folder.write(yaml.output, to: "again.yaml")
    try folder.write(json.output, to: "again.json")
    for file in ["again.yaml", "again.json"] {
      // Data paths are relative to the model file.
      let data = try Program.shell("cp -r '\(Program.package)/models/data' .", in: folder)
      #expect(data.exitCode == 0)
      #expect(try Program.run(["expand", file], in: folder).output == yaml.output)
      #expect(try Program.run(["expand", "--json", file], in: folder).output == json.output)
    }
  }

  /// Prints any YAML document with anchors and merge keys resolved and types kept.
  @Test func printsARawDocument() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      base: &base {a: 0x1F, b: yes}
      more: {<<: *base, b: ~, c: [1e-3, .inf, "1"]}
      """, to: "any.yaml")
    let yaml = try Program.run(["expand", "--raw", "any.yaml"], in: folder)
    #expect(yaml.exitCode == 0)
    #expect(
      yaml.output == """
        base:
          a: 0x1F
          b: yes
        more:
          a: 0x1F
          b: ~
          c: [1e-3, .inf, '1']

        """)
    let json = try Program.run(["expand", "--raw", "--json", "any.yaml"], in: folder)
    #expect(json.exitCode == 0)
    #expect(
      json.output == """
        {
          "base": {
            "a": 31,
            "b": "yes"
          },
          "more": {
            "a": 31,
            "b": null,
            "c": [0.001, ".inf", "1"]
          }
        }

        """)
    let asModel = try Program.run(["expand", "any.yaml"], in: folder)
    #expect(asModel.exitCode == 1)
    #expect(asModel.output.isEmpty)
    #expect(asModel.errors.hasPrefix("any.yaml:1:1: error: "))
  }
}
