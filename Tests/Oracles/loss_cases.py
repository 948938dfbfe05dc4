"""Reference cases of losses and metrics.

PyTorch computes the losses that it has. Others, and Caffe's forms, are written out here.
"""

import numpy as np
import torch
import torch.nn.functional as F

from entries import LOSS, METRIC, TAILS, Case, array, entry

BOTH = [True, True]
PAIRS = [True, True, False]
"""Whether each input has a gradient: the two features do, and the label does not."""


def normalized(fields, losses, valid, examples, default="VALID"):
    """Σ losses divided as `normalization` states. `valid` is the weight of the positions that count."""
    divisor = {"VALID": valid, "FULL": losses.numel(), "BATCH_SIZE": examples, "NONE": 1}[
        fields.get("normalization", default)]
    return losses.sum() / divisor


# Scores of classes

def class_cases(inputs, shapes, extra=()):
    """Scores and labels of each shape [N, C, …], then the named fields at (4, 5) and (2, 3, 4)."""
    for name, shape in shapes:
        labels = inputs.classes(shape[1], shape[0], *shape[2:])
        yield Case(name, [inputs.normal(*shape, scale=2), labels])
    for name, fields in extra:
        for shape in [(4, 5), (2, 3, 4)]:
            labels = inputs.classes(shape[1], shape[0], *shape[2:])
            if "ignore_label" in fields:
                labels.flat[1] = fields["ignore_label"]
            yield Case(f"{name}: {shape}", [inputs.normal(*shape, scale=2), labels], fields)


CLASS_SHAPES = [("one example", (1, 3)), ("odd sizes", (5, 7)), ("larger", (17, 13)),
                ("positions", (2, 3, 5)), ("positions, batch of 1", (1, 4, 3))]
NORMALIZATIONS = [(n.lower(), {"normalization": n}) for n in ("FULL", "BATCH_SIZE", "NONE")]
IGNORED = [("one ignored", {"ignore_label": -1}), ("a class ignored", {"ignore_label": 2}),
           ("ignored, over all", {"ignore_label": 255, "normalization": "FULL"})]


def label_mask(fields, label):
    """The classes as indices, 0 where ignored, and which positions count."""
    counts = label.long() != fields.get("ignore_label", -10**6)
    return torch.where(counts, label.long(), 0), counts


def floored(logarithm, fields, default=0.0):
    """The logarithm, at least ln `log_floor`. As in Caffe, the gradient is that of the logarithm."""
    floor = fields.get("log_floor", default)
    if floor == 0:
        return logarithm
    return logarithm + (logarithm.clamp(min=np.log(floor)) - logarithm).detach()


def most_probable(inputs):
    """The labels, or the class with the greatest probability."""
    return inputs[1].argmax(1) if inputs[1].shape == inputs[0].shape else inputs[1]


def of_labels(values, label):
    """values[n, label[n, …], …]"""
    return values.gather(1, label.unsqueeze(1)).squeeze(1)


def probabilities(inputs, *shape):
    """Multiples of 1/64 at random, whose sum along axis 1 is 1."""
    places = [inputs.classes(shape[1], shape[0], *shape[2:]).astype(int) for _ in range(8)]
    parts = [1, 1, 2, 4, 8, 8, 16, 24]
    result = np.zeros(shape, np.float32)
    for place, part in zip(places, parts):
        result += np.moveaxis(np.eye(shape[1], dtype=np.float32)[place], -1, 1) * part / 64
    return result


def softmax_loss_cases(inputs):
    yield from class_cases(inputs, CLASS_SHAPES + [("one position", (3, 5, 1))],
                           NORMALIZATIONS + IGNORED)
    yield Case("all equal", [np.full((3, 7), -2.5, np.float32), array(0, 6, 3)])
    yield Case("certain and wrong by 1e4", [array([1e4, 0.0, 3.0]), array(1)])
    yield Case("certain and right by 1e4", [array([1e4, 0.0, 3.0]), array(0)])
    yield Case("differences past 87", [
        array([0.0, -88.0, -120.0], [-500.0, 0.0, 1.0]), array(2, 0)])
    yield Case("1e30 and wrong", [array([1e30, 0.0, -1e30], [0.0, 1.0, 2.0]), array(1, 0)])
    yield Case("1e30 and right", [array([1e30, 0.0, -1e30], [-1e30, 1e30, 7.0]), array(0, 1)])
    for count in TAILS:
        yield Case(f"{count} classes", [inputs.normal(2, count, scale=2), inputs.classes(count, 2)])
    weights = [0.5, 2.0, 0.0, 1.0, 0.25]
    for name, fields in [
            ("weights", {"weights": weights}), ("smoothing", {"label_smoothing": 0.1}),
            ("smoothing of all", {"label_smoothing": 1.0}),
            ("both", {"weights": weights, "label_smoothing": 0.25}),
            ("all three", {"weights": weights, "label_smoothing": 0.25, "ignore_label": -1}),
            ("weights, a sum", {"weights": weights, "normalization": "NONE"})]:
        labels = inputs.classes(5, 4, 3)
        labels[0, 0] = 1
        if "ignore_label" in fields:
            labels[1] = -1
        yield Case(name, [inputs.normal(4, 5, 3, scale=2), labels], fields, kinks=[])
    yield Case("with probabilities", [inputs.normal(3, 4, scale=2), inputs.classes(4, 3)],
               {"label_smoothing": 0.0}, top_count=2)
    yield Case("with probabilities of positions",
               [inputs.normal(2, 3, 4, scale=2), inputs.classes(3, 2, 4)], top_count=2)
    yield Case("along the last axis", [inputs.normal(2, 3, 4, scale=2), inputs.classes(4, 2, 3)],
               {"axis": -1})
    far = [array([0.0, -88.0, -120.0], [-500.0, 0.0, 1.0], [0.5, 1.0, -1.0]), array(2, 0, 1)]
    yield Case("Caffe's floor", far, {"log_floor": 1.17549435e-38})
    yield Case("a floor, smoothing and weights", far, {
        "log_floor": 1e-6, "label_smoothing": 0.25, "weights": [0.5, 2.0, 1.0]})
    yield Case("a floor below all", [inputs.normal(3, 4), inputs.classes(4, 3)],
               {"log_floor": 1e-20}, kinks=[])
    for name, fields in [
            ("", {}), ("weights", {"weights": weights}), ("smoothing", {"label_smoothing": 0.1}),
            ("both", {"weights": weights, "label_smoothing": 0.25}),
            ("a floor", {"log_floor": 1e-2, "label_smoothing": 0.25})] + NORMALIZATIONS:
        for shape in [(4, 5), (2, 5, 3)]:
            # As in Caffe, the gradient of a floor is not that of the loss.
            yield Case(f"probabilities {name}: {shape}",
                       [inputs.normal(*shape, scale=2), probabilities(inputs, *shape)], fields,
                       kinks=None if "log_floor" in fields else [])
    yield Case("probabilities, one class each", [
        inputs.normal(3, 4, scale=2), np.eye(4, dtype=np.float32)[[2, 0, 3]]], kinks=[])
    yield Case("probabilities along the last axis", [
        inputs.normal(2, 3, 4, scale=2), probabilities(inputs, 2, 4, 3).swapaxes(1, 2)],
        {"axis": -1}, kinks=[])
    yield Case("probabilities, with their estimates", [
        inputs.normal(3, 4, scale=2), probabilities(inputs, 3, 4)], top_count=2)
    yield Case("probabilities, certain and wrong by 1e4", [
        array([1e4, 0.0, 3.0]), array([0.25, 0.75, 0.0])])
    for count in TAILS[1:]:
        yield Case(f"probabilities of {count} classes", [
            inputs.normal(2, count, scale=2), probabilities(inputs, 2, count)])


@entry("SoftmaxWithLoss", LOSS, softmax_loss_cases)
def softmax_with_loss(fields, inputs, parameters):
    """−Σ w·ln softmax(x)[label] / Σ w; x [N, C, …], label [N, …]; the second output is softmax(x)"""
    x = inputs[0] if fields.get("axis", 1) == 1 else inputs[0].movedim(fields["axis"], 1)
    weights = torch.tensor(fields["weights"], dtype=x.dtype) if "weights" in fields else None
    if inputs[1].shape == inputs[0].shape:
        return probability_loss(fields, x, inputs[1].movedim(fields.get("axis", 1), 1), weights)
    label, counts = label_mask(fields, inputs[1])
    losses = F.cross_entropy(
        x, torch.where(counts, label, -100), weight=weights, reduction="none",
        label_smoothing=fields.get("label_smoothing", 0.0))
    if "log_floor" in fields:
        w = torch.ones(x.shape[1], dtype=x.dtype) if weights is None else weights
        logarithm, smoothing = floored(F.log_softmax(x, 1), fields), fields.get("label_smoothing", 0.0)
        spread = (w * logarithm.movedim(1, -1)).sum(-1) / x.shape[1]
        hard = w[label] * of_labels(logarithm, label)
        losses = -((1 - smoothing) * hard + smoothing * spread) * counts
    ones = torch.ones(x.shape[1], dtype=x.dtype) if weights is None else weights
    valid = (ones[label] * counts).sum()
    loss = normalized(fields, losses, valid, len(x))
    return (loss, torch.softmax(x, 1)) if fields.top_count == 2 else loss


def probability_loss(fields, x, target, weights):
    """−Σ w·t·ln softmax(x) / positions; a floor is written out, the rest is PyTorch's"""
    smoothing = fields.get("label_smoothing", 0.0)
    losses = F.cross_entropy(
        x, target, weight=weights, reduction="none", label_smoothing=smoothing)
    if "log_floor" in fields:
        smooth = target * (1 - smoothing) + smoothing / x.shape[1]
        losses = -(smooth * floored(F.log_softmax(x, 1), fields)).sum(1)
    loss = normalized(fields, losses, losses.numel(), len(x))
    return (loss, torch.softmax(x, 1)) if fields.top_count == 2 else loss


def focal_cases(inputs):
    yield from class_cases(inputs, CLASS_SHAPES, NORMALIZATIONS + IGNORED + [
        ("gamma 0", {"gamma": 0.0}), ("gamma 0.5", {"gamma": 0.5}), ("gamma 5", {"gamma": 5.0})])
    yield Case("two classes", [inputs.normal(6, 2), inputs.classes(2, 6)],
               {"alpha": [0.75, 0.25]}, kinks=[])
    yield Case("alpha, positions", [inputs.normal(2, 3, 2), inputs.classes(3, 2, 2)],
               {"alpha": [1.0, 0.5, 2.0], "gamma": 1.5}, kinks=[])
    yield Case("certain and wrong by 1e4", [array([1e4, 0.0, 3.0]), array(1)])
    yield Case("certain and right by 40", [array([40.0, 0.0, 3.0]), array(0)])
    for count in (2, 8, 9, 17):
        yield Case(f"{count} classes", [inputs.normal(2, count, scale=2), inputs.classes(count, 2)])


@entry("FocalLoss", LOSS, focal_cases)
def focal_loss(fields, inputs, parameters):
    """mean of −α_y·(1 − p_y)^γ·ln p_y"""
    x = inputs[0]
    label, counts = label_mask(fields, inputs[1])
    logarithm = of_labels(F.log_softmax(x, 1), label)
    alpha = torch.tensor(fields.get("alpha", [1.0] * x.shape[1]), dtype=x.dtype)
    losses = -alpha[label] * (-torch.expm1(logarithm)) ** fields.get("gamma", 2.0) * logarithm
    return normalized(fields, losses * counts, counts.sum(), len(x))


def infogain_cases(inputs):
    def matrix(count):
        return [[float(v) for v in row] for row in inputs.normal(count, count).round(2)]
    for name, shape in CLASS_SHAPES + [("two classes", (3, 2)), ("nine classes", (2, 9))]:
        labels = inputs.classes(shape[1], shape[0], *shape[2:])
        yield Case(name, [inputs.normal(*shape, scale=2), labels], {"matrix": matrix(shape[1])})
    for name, fields in NORMALIZATIONS + IGNORED:
        labels = inputs.classes(4, 3, 2)
        labels[1, 0] = fields.get("ignore_label", 0)
        yield Case(name, [inputs.normal(3, 4, 2), labels], fields | {"matrix": matrix(4)})
    yield Case("identity", [inputs.normal(4, 3), inputs.classes(3, 4)],
               {"matrix": [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]}, kinks=[])
    yield Case("a matrix an example", [inputs.normal(3, 4), inputs.classes(4, 3),
                                       inputs.normal(3, 4, 4)], kinks=[])
    yield Case("a matrix an example, positions", [
        inputs.normal(2, 3, 5), inputs.classes(3, 2, 5), inputs.normal(2, 9)])
    yield Case("far apart", [array([1e4, 0.0, 3.0]), array(1)],
               {"matrix": [[1.0, 0.5, 0.0], [0.5, 1.0, 0.5], [0.0, 0.5, 1.0]]})
    yield Case("Caffe's floor", [array([60.0, 0.0, 3.0], [0.0, 1.0, -50.0]), array(1, 0)], {
        "matrix": [[1.0, 0.5, -0.25], [0.5, 1.0, 0.5], [0.0, 0.5, 1.0]], "log_floor": 1e-20})


@entry("InfogainLoss", LOSS, infogain_cases)
def infogain_loss(fields, inputs, parameters):
    """mean of −Σ_k H[label, k]·ln softmax(x)[k]; H is `matrix`, or the example's own"""
    x = inputs[0].flatten(2) if inputs[0].dim() > 2 else inputs[0].unsqueeze(2)
    count = x.shape[1]
    label, counts = label_mask(fields, inputs[1].reshape(len(x), -1))
    if "matrix" in fields:
        gains = torch.tensor(fields["matrix"], dtype=x.dtype).expand(len(x), count, count)
    else:
        gains = inputs[2].reshape(len(x), count, count)
    rows = gains.gather(1, label.unsqueeze(2).expand(-1, -1, count))  # [N, positions, C]
    losses = -(rows * floored(F.log_softmax(x, 1), fields).movedim(1, 2)).sum(2)
    return normalized(fields, losses * counts, counts.sum(), len(x))


def multinomial_cases(inputs):
    def probabilities(*shape):
        scores = torch.from_numpy(inputs.normal(*shape))
        return torch.softmax(scores, 1).numpy().round(3) + np.float32(0.001)
    for name, shape in CLASS_SHAPES + [("nine classes", (2, 9)), ("17 classes", (2, 17))]:
        yield Case(name, [probabilities(*shape), inputs.classes(shape[1], shape[0], *shape[2:])])
    for name, fields in NORMALIZATIONS + IGNORED:
        labels = inputs.classes(4, 3, 2)
        labels[1, 0] = fields.get("ignore_label", 0)
        yield Case(name, [probabilities(3, 4, 2), labels], fields)
    yield Case("checked", [array([0.5, 0.5], [0.25, 0.75]), array(0, 1)], kinks=[])
    yield Case("near 0", [array([1e-10, 1.0], [1.0, 1e-19]), array(0, 0)])
    yield Case("a floor of 0.1", [array([0.05, 0.95], [0.5, 0.5], [0.875, 0.125]), array(0, 0, 1)],
               {"log_floor": 0.1})


@entry("MultinomialLogisticLoss", LOSS, multinomial_cases)
def multinomial_loss(fields, inputs, parameters):
    """mean of −ln max(p[label], log_floor); the gradient below the floor is that at it, as Caffe's"""
    label, counts = label_mask(fields, inputs[1])
    p = of_labels(inputs[0], label)
    least = p.clamp(min=fields.get("log_floor", 1e-20)).detach()
    losses = -(least.log() + (p - p.detach()) / least)
    return normalized(fields, losses * counts, counts.sum(), len(inputs[0]))


def hinge_cases(inputs):
    forms = [("squared", {"norm": "L2"}), ("pairwise", {"form": "pairwise"}),
             ("pairwise squared", {"form": "pairwise", "norm": "L2"}),
             ("margin 0.25", {"margin": 0.25}),
             ("pairwise, margin 3", {"form": "pairwise", "margin": 3.0})]
    yield from class_cases(inputs, CLASS_SHAPES + [("nine classes", (2, 9)), ("17 classes", (2, 17))],
                           NORMALIZATIONS + IGNORED + forms)
    # Every margin is at least 0.02 away from its kink.
    x = array([0.5, -0.3, 1.7], [2.5, 0.25, -1.5])
    for name, fields in [("default", {})] + forms[:3]:
        yield Case(f"{name}, checked", [x, array(2, 1)], fields, kinks=[])
    yield Case("exactly met", [array([1.0, -1.0, -1.0]), array(0)])
    yield Case("exactly met, pairwise", [array([1.0, 0.0, -2.0]), array(0)], {"form": "pairwise"})
    yield Case("1e30", [array([1e30, -1e30]), array(1)])


@entry("HingeLoss", LOSS, hinge_cases)
def hinge_loss(fields, inputs, parameters):
    """mean of Σ_j max(0, margin − t_j·s_j), or of Σ_{j≠y} max(0, s_j − s_y + margin)"""
    x, margin = inputs[0], fields.get("margin", 1.0)
    label, counts = label_mask(fields, inputs[1])
    hot = torch.zeros_like(x).scatter(1, label.unsqueeze(1), 1.0)
    if fields.get("form", "one_vs_all") == "pairwise":
        terms = torch.relu(x - of_labels(x, label).unsqueeze(1) + margin) * (1 - hot)
    else:
        terms = torch.relu(margin - (2 * hot - 1) * x)
    losses = (terms ** (2 if fields.get("norm") == "L2" else 1)).sum(1)
    return normalized(fields, losses * counts, counts.sum(), len(x))


# Prediction and target

def pair_cases(inputs, shapes, differentiable=None):
    for name, shape in shapes:
        yield Case(name, [inputs.normal(*shape), inputs.normal(*shape)],
                   differentiable=differentiable)


PAIR_SHAPES = [("one value", (1, 1)), ("batch of 1", (1, 5)), ("odd sizes", (3, 7)),
               ("one axis", (5,)), ("3 axes", (2, 3, 5)), ("larger", (9, 33))]
TAIL_SHAPES = [(f"{count} channels", (2, count)) for count in TAILS]


def euclidean_cases(inputs):
    yield from pair_cases(inputs, PAIR_SHAPES[:-1] + [("larger", (9, 65))] + TAIL_SHAPES)
    same = inputs.normal(3, 4)
    yield Case("equal", [same, same])
    yield Case("large", [array([1e10, -2e9], [3e9, 5e9]), array([-1e10, 1e9], [0.0, 5e9])])


@entry("EuclideanLoss", LOSS, euclidean_cases)
def euclidean_loss(fields, inputs, parameters):
    """l = Σ (x − y)² / (2N), N = first axis"""
    return ((inputs[0] - inputs[1]) ** 2).sum() / (2 * len(inputs[0]))


def regression_cases(inputs):
    yield from pair_cases(inputs, PAIR_SHAPES + TAIL_SHAPES[::4], BOTH)
    for name, fields in NORMALIZATIONS:
        yield Case(name, [inputs.normal(3, 5), inputs.normal(3, 5)], fields, differentiable=BOTH)
    same = inputs.normal(3, 4)
    yield Case("equal", [same, same], differentiable=BOTH)
    yield Case("large", [array([1e30, -2e9], [3e9, 5e9]), array([-1e30, 1e9], [0.0, 5e9])],
               differentiable=BOTH)
    x = array([0.5, -1.5, 2.5], [0.0, 3.0, 0.75])
    yield Case("checked", [x, array([1.5, 0.25, 2.0], [-1.25, 2.5, 0.25])], differentiable=BOTH,
               kinks=[])


@entry("L1Loss", LOSS, regression_cases)
def l1_loss(fields, inputs, parameters):
    """mean of |x − y|"""
    losses = F.l1_loss(inputs[0], inputs[1], reduction="none")
    return normalized(fields, losses, losses.numel(), len(losses))


def huber_cases(inputs):
    yield from regression_cases(inputs)
    for delta in (0.25, 3.0):
        yield Case(f"delta {delta}", [inputs.normal(3, 5), inputs.normal(3, 5)], {"delta": delta},
                   differentiable=BOTH)
    yield Case("at delta", [array([1.0, -1.0, 0.0]), array([0.0, 0.0, 1.0])], differentiable=BOTH)


@entry("HuberLoss", LOSS, huber_cases)
def huber_loss(fields, inputs, parameters):
    """mean of d²/2 for |d| ≤ δ, else δ·(|d| − δ/2)"""
    losses = F.huber_loss(inputs[0], inputs[1], reduction="none", delta=fields.get("delta", 1.0))
    return normalized(fields, losses, losses.numel(), len(losses))


def sigmoid_loss_cases(inputs):
    def case(name, shape, fields=None, **more):
        targets = inputs.generator.integers(0, 9, shape) / 8
        return Case(name, [inputs.normal(*shape, scale=3), targets.astype(np.float32)],
                    fields or {}, differentiable=BOTH, **more)
    for name, shape in PAIR_SHAPES + TAIL_SHAPES[::4]:
        yield case(name, shape)
    for name, fields in NORMALIZATIONS:
        yield case(name, (3, 5), fields)
    yield case("checked", (2, 3), kinks=[])
    for fields in ({"ignore_label": -1}, {"ignore_label": -1, "normalization": "BATCH_SIZE"}):
        ignoring = case(f"ignored, {len(fields)} fields", (3, 4), fields)
        ignoring.inputs[1][0, 1] = ignoring.inputs[1][2, 3] = -1
        yield ignoring
    yield Case("saturated", [array([200.0, -200.0, 200.0, -200.0, 0.0]),
                             array([1.0, 0.0, 0.0, 1.0, 0.5])], differentiable=BOTH)
    yield Case("1e4 wrong", [array([-1e4, 1e4]), array([1.0, 0.0])], differentiable=BOTH)
    yield Case("1e30", [array([1e30, -1e30]), array([0.0, 0.0])], differentiable=BOTH)


@entry("SigmoidCrossEntropyLoss", LOSS, sigmoid_loss_cases)
def sigmoid_loss(fields, inputs, parameters):
    """mean of −y·ln σ(x) − (1 − y)·ln(1 − σ(x))"""
    counts = inputs[1].detach() != fields.get("ignore_label", -10**6)
    losses = F.binary_cross_entropy_with_logits(inputs[0], inputs[1], reduction="none")
    return normalized(fields, losses * counts, counts.sum(), len(losses))


def divergence_cases(inputs):
    def case(name, shape, fields=None, **more):
        fields = fields or {}
        scores, targets = (torch.from_numpy(inputs.normal(*shape)) for _ in range(2))
        target = (F.log_softmax(targets, 1) if fields.get("log_target")
                  else torch.softmax(targets, 1)).numpy().round(3)
        return Case(name, [F.log_softmax(scores, 1).numpy().round(3), target], fields,
                    differentiable=BOTH, **more)
    for name, shape in [("one value", (1, 1)), ("batch of 1", (1, 5)), ("odd sizes", (3, 7)),
                        ("3 axes", (2, 3, 5)), ("larger", (9, 17))]:
        yield case(name, shape)
        yield case(f"{name}, logarithms", shape, {"log_target": True})
    for name, fields in [("valid", {"normalization": "VALID"}), *NORMALIZATIONS]:
        yield case(name, (3, 5), fields)
    # The targets are away from 0, where t·ln t bends sharply.
    yield Case("checked", [array([-0.5, -1.5, -1.25], [-2.0, -0.25, -1.0]),
                           array([0.5, 0.25, 0.25], [0.375, 0.375, 0.25])],
               differentiable=BOTH, kinks=[])
    yield case("checked, logarithms", (2, 3), {"log_target": True}, kinks=[])
    yield Case("targets of 0", [array([-0.5, -1.0, -1e4]), array([0.0, 1.0, 0.0])])


@entry("KLDivLoss", LOSS, divergence_cases)
def divergence(fields, inputs, parameters):
    """Σ t·(ln t − x) / N"""
    losses = F.kl_div(inputs[0], inputs[1], reduction="none",
                      log_target=fields.get("log_target", False))
    return normalized(fields, losses, losses.numel(), len(losses), "BATCH_SIZE")


# Features

def feature_cases(inputs, count, labels, **fields):
    """`count` features of each shape, and the labels of pairs where there are any."""
    for name, shape in [("one value", (1, 1)), ("batch of 1", (1, 5)), ("odd sizes", (5, 7)),
                        ("3 axes", (4, 3, 5)), ("8 values", (3, 8)), ("17 values", (3, 17)),
                        ("checked", (4, 3))]:
        features = [inputs.normal(*shape) for _ in range(count)]
        if labels is not None:
            features.append(inputs.generator.choice(labels, shape[0]).astype(np.float32))
        yield Case(name, features, fields, kinks=[] if name == "checked" else None,
                   differentiable=[True] * count + [False] * (labels is not None))


def contrastive_cases(inputs):
    for fields in ({}, {"legacy_version": True}, {"margin": 4.0},
                   {"margin": 4.0, "legacy_version": True}):
        for case in feature_cases(inputs, 2, [0, 1], **fields):
            case.name = f"{case.name} {list(fields.items())}" if fields else case.name
            yield case
    same = inputs.normal(2, 3)
    yield Case("equal, legacy", [same, same, array(1, 0)], {"legacy_version": True},
               differentiable=PAIRS)
    yield Case("far apart", [array([1e4, 0.0], [-1e4, 5.0]), array([0.0, 0.0], [0.0, 0.0]),
                             array(1, -1)], differentiable=PAIRS)


@entry("ContrastiveLoss", LOSS, contrastive_cases)
def contrastive_loss(fields, inputs, parameters):
    """Σ y·d² + (1 − y)·max(margin − d, 0)² / 2N; the older form takes max(margin − d², 0)"""
    a, b, label = inputs
    squares = ((a - b) ** 2).flatten(1).sum(1)
    margin = fields.get("margin", 1.0)
    if fields.get("legacy_version", False):
        apart = torch.relu(margin - squares)
    else:
        apart = torch.relu(margin - squares.sqrt()) ** 2
    return torch.where(label == 1, squares, apart).sum() / (2 * len(a))


def triplet_cases(inputs):
    for fields in ({}, {"distance": "squared"}, {"margin": 0.2}):
        for case in feature_cases(inputs, 3, None, **fields):
            case.name = f"{case.name} {list(fields.items())}" if fields else case.name
            yield case


@entry("TripletLoss", LOSS, triplet_cases)
def triplet_loss(fields, inputs, parameters):
    """mean of max(d(a, p) − d(a, n) + margin, 0), d the distance or its square"""
    a, p, n = (t.flatten(1) for t in inputs)
    near, far = ((a - p) ** 2).sum(1), ((a - n) ** 2).sum(1)
    if fields.get("distance", "euclidean") == "euclidean":
        near, far = near.sqrt(), far.sqrt()
    return torch.relu(near - far + fields.get("margin", 1.0)).mean()


def cosine_cases(inputs):
    for fields in ({}, {"margin": 0.3}, {"margin": -0.5}):
        for case in feature_cases(inputs, 2, [-1, 1], **fields):
            case.name = f"{case.name} {list(fields.items())}" if fields else case.name
            yield case
    yield Case("labels of 0", [inputs.normal(3, 4), inputs.normal(3, 4), array(0, 1, 0)],
               differentiable=PAIRS)
    yield Case("no labels", [inputs.normal(3, 4), inputs.normal(3, 4)], differentiable=BOTH)
    yield Case("parallel and opposed", [array([1.0, 2.0], [3.0, -1.0]),
                                        array([2.0, 4.0], [-3.0, 1.0]), array(1, 1)],
               differentiable=PAIRS)
    yield Case("large", [array([1e15, 2e15], [3e14, -1e15]), array([2e12, 1.0], [-3.0, 1e-3]),
                         array(1, -1)], differentiable=PAIRS)


@entry("CosineLoss", LOSS, cosine_cases)
def cosine_loss(fields, inputs, parameters):
    """mean of 1 − cos(a, b) for pairs of a kind, of max(cos(a, b) − margin, 0) for others"""
    a, b = (t.flatten(1) for t in inputs[:2])
    label = inputs[2] if len(inputs) > 2 else torch.ones(len(a), dtype=a.dtype)
    return F.cosine_embedding_loss(a, b, torch.where(label == 1, 1.0, -1.0),
                                   margin=fields.get("margin", 0.0))


# Metrics of classes

def accuracy_cases(inputs):
    yield Case("one example, right", [array([0.1, 0.7, 0.2]), array(1)])
    yield Case("one example, wrong", [array([0.1, 0.7, 0.2]), array(0)])
    ties = [array([1.0, 1.0, 1.0], [0.0, 2.0, 2.0], [0.0, 2.0, 2.0], [5.0, 1.0, 5.0],
                  [5.0, 1.0, 5.0]), array(0, 1, 2, 0, 2)]
    yield Case("ties go to the lowest index", ties)
    yield Case("ties are mistakes in Caffe", ties, {"ties": "caffe"})
    yield Case("ties among two", ties, {"top_k": 2})
    yield Case("ties among two in Caffe", ties, {"top_k": 2, "ties": "caffe"})
    yield Case("all equal", [np.zeros((3, 4), np.float32), array(0, 1, 0)])
    yield Case("all equal in Caffe", [np.zeros((3, 4), np.float32), array(0, 1, 0)],
               {"ties": "caffe"})
    yield Case("negative scores", [
        array([-3.0, -1.0], [-1e30, -2e30], [-5.0, -5.0]), array(1, 0, 1)])
    yield Case("larger", [inputs.normal(65, 10), inputs.classes(10, 65)])
    for count in TAILS:
        yield Case(f"{count} classes", [inputs.normal(7, count), inputs.classes(count, 7)])
    for top in (1, 2, 5):
        yield Case(f"top {top}", [inputs.normal(9, 5, 2), inputs.classes(5, 9, 2)], {"top_k": top})
    for ignored in (-1, 2):
        labels = inputs.classes(5, 9)
        labels[3] = ignored
        yield Case(f"{ignored} ignored", [inputs.normal(9, 5), labels],
                   {"ignore_label": ignored, "per_class": True})
    yield from probable_cases(inputs, {}, {"top_k": 2}, {"ties": "caffe"})
    yield from label_cases(inputs, {}, {"per_class": True})


def probable_cases(inputs, *variants):
    """Probabilities as labels: the class with the greatest one counts, the first of equal ones."""
    for fields in variants:
        for shape in [(9, 4), (4, 3, 5)]:
            yield Case(f"probabilities {shape} {list(fields.items())}",
                       [inputs.normal(*shape), probabilities(inputs, *shape)], fields)
        yield Case(f"equal probabilities {list(fields.items())}", [
            array([0.0, 1.0, 2.0], [2.0, 1.0, 0.0]), array([0.25, 0.375, 0.375], [0.5, 0.0, 0.5])],
            fields)


def label_cases(inputs, *variants):
    """Several labels for each example, each 0 or 1. A score above 0 predicts the label."""
    for fields in variants:
        fields = {"multi_label": True} | fields
        for shape in [(1, 3), (9, 4), (5, 2, 3), (65, 7)]:
            yield Case(f"labels {shape} {list(fields.items())}",
                       [inputs.normal(*shape), inputs.classes(2, *shape)], fields)
        # Label 1 is there but never predicted, label 2 is predicted but never there, and label 3 neither.
        # A score of 0 predicts 0.
        yield Case(f"labels that are missing {list(fields.items())}", [
            array([0.5, -0.5, 0.25, -1.0], [-0.5, 0.0, 0.5, -2.0], [1.5, -1.5, -0.5, 0.0]),
            array([1.0, 1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0])], fields)


@entry("Accuracy", METRIC, accuracy_cases)
def accuracy(fields, inputs, parameters):
    """The share of positions with fewer than k other classes before the label's."""
    x = inputs[0]
    if fields.get("multi_label"):
        return ((x > 0) == (inputs[1] == 1)).to(x.dtype).mean()
    label, counts = label_mask(fields, most_probable(inputs))
    own = of_labels(x, label).unsqueeze(1)
    index = torch.arange(x.shape[1]).reshape(1, -1, *[1] * (x.dim() - 2))
    equal = (x == own) & (index != label.unsqueeze(1))
    if fields.get("ties", "argmax") == "argmax":
        equal &= index < label.unsqueeze(1)
    before = ((x > own) | equal).sum(1)
    return ((before < fields.get("top_k", 1)) & counts).sum().to(x.dtype) / counts.sum()


def count_cases(inputs):
    yield Case("one example, right", [array([0.1, 0.7, 0.2]), array(1)])
    yield Case("one example, wrong", [array([0.1, 0.7, 0.2]), array(0)])
    yield Case("ties", [array([1.0, 1.0], [1.0, 1.0], [0.0, 1.0]), array(0, 1, 1)])
    for name, shape in [("odd sizes", (9, 3)), ("positions", (4, 3, 5)), ("larger", (65, 10)),
                        ("two classes", (15, 2)), ("17 classes", (33, 17))]:
        yield Case(name, [inputs.normal(*shape), inputs.classes(shape[1], shape[0], *shape[2:])])
    labels = inputs.classes(3, 9)
    labels[2] = -1
    yield Case("one ignored", [inputs.normal(9, 3), labels], {"ignore_label": -1})
    # Class 2 is predicted but absent. Class 3 is neither predicted nor present. Class 4 is present
    # but not predicted.
    yield Case("classes that are missing", [
        np.eye(5, dtype=np.float32)[[0, 1, 2, 2, 0, 1]], array(0, 1, 0, 1, 4, 4)])


def ratio_cases(inputs):
    for fields in ({}, {"average": "micro"}, {"average": "weighted"}, {"class": 1}):
        for case in count_cases(inputs):
            name = f"{case.name} {list(fields.items())}" if fields else case.name
            yield Case(name, case.inputs, case.fields | fields)
    yield from probable_cases(inputs, {}, {"average": "micro"})


def label_ratio_cases(inputs):
    yield from ratio_cases(inputs)
    yield from label_cases(inputs, {}, {"average": "micro"}, {"average": "weighted"}, {"class": 1})


def class_counts(fields, inputs):
    """For each class, the counts of right predictions, of predictions, and of labels."""
    x = inputs[0]
    if fields.get("multi_label"):
        predicted, there = (v.reshape(len(x), -1) for v in ((x > 0), (inputs[1] == 1)))
        return ((predicted & there).sum(0).to(x.dtype), predicted.sum(0).to(x.dtype),
                there.sum(0).to(x.dtype))
    label, counts = label_mask(fields, most_probable(inputs))
    predicted, label = x.argmax(1)[counts], label[counts]
    classes = range(x.shape[1])
    def numbers(f):
        return torch.tensor([float(f(c)) for c in classes], dtype=x.dtype)
    return (numbers(lambda c: ((predicted == c) & (label == c)).sum()),
            numbers(lambda c: (predicted == c).sum()), numbers(lambda c: (label == c).sum()))


def averaged(fields, inputs, ratio):
    counts = class_counts(fields, inputs)
    def safe(top, bottom):
        return torch.where(bottom > 0, top / bottom.clamp(min=1), 0.0)
    values = ratio(safe, *counts)
    if "class" in fields:
        return values[fields["class"]]
    average = fields.get("average", "macro")
    if average == "micro":
        return ratio(safe, *(c.sum() for c in counts))
    if average == "weighted":
        return (values * counts[2]).sum() / counts[2].sum()
    there = counts[1] + counts[2] > 0
    return values[there].mean()


@entry("Precision", METRIC, label_ratio_cases)
def precision(fields, inputs, parameters):
    """matches / predicted"""
    return averaged(fields, inputs, lambda safe, match, predicted, there: safe(match, predicted))


@entry("Recall", METRIC, label_ratio_cases)
def recall(fields, inputs, parameters):
    """matches / labels"""
    return averaged(fields, inputs, lambda safe, match, predicted, there: safe(match, there))


@entry("F1Score", METRIC, label_ratio_cases)
def f1_score(fields, inputs, parameters):
    """The harmonic mean of precision and recall."""
    def ratio(safe, match, predicted, there):
        p, r = safe(match, predicted), safe(match, there)
        return torch.where(p + r > 0, 2 * p * r / (p + r).clamp(min=1e-30), 0.0)
    return averaged(fields, inputs, ratio)


@entry("MeanIoU", METRIC, ratio_cases)
def mean_iou(fields, inputs, parameters):
    """matches / (predicted + labels - matches)"""
    return averaged(fields, inputs, lambda safe, match, predicted, there:
                    safe(match, predicted + there - match))


def confusion_cases(inputs):
    yield from count_cases(inputs)
    yield from probable_cases(inputs, {})


@entry("ConfusionMatrix", METRIC, confusion_cases)
def confusion(fields, inputs, parameters):
    """The share of positions on the diagonal."""
    match, _, there = class_counts(fields, inputs)
    return match.sum() / there.sum()


def auc_cases(inputs):
    def labels(count):
        result = inputs.classes(2, count)
        result[0], result[1] = 0, 1
        return result
    for count in (2, 3, 9, 40, 65):
        yield Case(f"{count} examples of one score", [inputs.normal(count, 1), labels(count)])
        yield Case(f"{count} examples of two scores", [inputs.normal(count, 2), labels(count)])
    yield Case("no axis", [inputs.normal(11), labels(11)])
    yield Case("ties", [inputs.normal(30, 1, step=1.0), labels(30)])
    yield Case("all equal", [np.ones((6, 1), np.float32), labels(6)])
    yield Case("perfect", [array([0.0], [1.0], [0.0], [2.0]), array(0, 1, 0, 1)])
    yield Case("reversed", [array([5.0], [1.0], [3.0], [2.0]), array(0, 1, 0, 1)])
    ignoring = labels(9)
    ignoring[4] = ignoring[7] = -1
    yield Case("two ignored", [inputs.normal(9, 1), ignoring], {"ignore_label": -1})


@entry("ROCAUC", METRIC, auc_cases)
def auc(fields, inputs, parameters):
    """The share of pairs of both classes in which class 1 has the greater score, ties counting half."""
    x = inputs[0].reshape(len(inputs[0]), -1)
    score = x[:, 1] - x[:, 0] if x.shape[1] == 2 else x[:, 0]
    ones, zeros = score[inputs[1] == 1], score[inputs[1] == 0]
    greater, equal = ones[:, None] > zeros[None, :], ones[:, None] == zeros[None, :]
    return (greater.to(x.dtype) + equal.to(x.dtype) / 2).mean()


# Metrics of values

def r2_cases(inputs):
    yield from pair_cases(inputs, [
        ("one column", (5, 1)), ("odd sizes", (7, 3)), ("larger", (65, 9)),
        ("two examples", (2, 4))])
    labels = inputs.normal(9, 2)
    yield Case("perfect", [labels, labels])
    yield Case("near", [labels + inputs.normal(9, 2, scale=0.1), labels])
    yield Case("columns of different means", [
        labels + array(10.5, -99.5), labels + array(10.0, -100.0)])
    yield Case("the mean itself", [
        np.full((4, 1), 2.5, np.float32), array([1.0], [2.0], [3.0], [4.0])])


@entry("R2", METRIC, r2_cases)
def r2(fields, inputs, parameters):
    """R² = 1 − Σ (y − x)² / Σ (y − ȳ)², ȳ = each column's mean over the batch; sums over all."""
    prediction, label = inputs
    return 1 - ((label - prediction) ** 2).sum() / ((label - label.mean(0)) ** 2).sum()


def error_cases(inputs):
    yield from pair_cases(inputs, PAIR_SHAPES + TAIL_SHAPES[::4])
    same = inputs.normal(3, 4)
    yield Case("equal", [same, same])
    yield Case("large", [array([1e15, -2e9], [3e9, 5e9]), array([-1e15, 1e9], [0.0, 5e9])])


@entry("MAE", METRIC, error_cases)
def mae(fields, inputs, parameters):
    """mean of |x − y|"""
    return (inputs[0] - inputs[1]).abs().mean()


@entry("RMSE", METRIC, error_cases)
def rmse(fields, inputs, parameters):
    """√ mean of (x − y)²"""
    return ((inputs[0] - inputs[1]) ** 2).mean().sqrt()
