"""Random numbers in tasks: what the flow's module seeded goes on from there, what it did not is drawn anew in each task.

Python's and NumPy's generators that were made without a seed are told from the others by what a hook notes while the
flow's module runs. It has to be there before: what was made earlier and may be unseeded asks for fresh processes.
"""

import functools
import os
import random
import sys

_TORCH_UNSEEDED = 67280421310721  # torch.initial_seed() where nobody seeded: torch's default_rng_seed_val
_BITS_OF_ENTROPY = 128  # what a numpy.random.SeedSequence draws when it is given none

_notes: dict = {}


class _Notes:
    def __init__(self):
        self.global_is_seeded = False  # that of the functions of `random`
        self.unseeded = {}  # weak references to random.Random objects by id
        self.drawn = set()  # entropy of the system that was drawn for SeedSequences
        self.torch_is_seeded = False
        self.early = ""  # what was made before the hook was there


def install():
    """From now on it is known who seeds what: called before the flow's module does."""
    if _notes:
        return
    notes = _notes["all"] = _Notes()
    notes.early = _made_before()
    _watch_the_global(notes)
    _watch_objects(notes)
    _watch_entropy(notes)
    if "torch" in sys.modules:
        _watch_torch(sys.modules["torch.random"], notes)
        _watch_torch(sys.modules.get("torch.cuda.random"), notes)
    else:
        sys.meta_path.insert(0, _TorchImports(notes))


def reason_for_fresh():
    """What was made unseeded and cannot be seeded anew, in words; empty when there is nothing."""
    return _notes["all"].early if _notes else ""


def before_fork():
    """Returns what each task does to have random numbers of its own."""
    notes, actions = _notes["all"], []
    if notes.global_is_seeded:  # Python itself seeds it anew in every fork
        state = random.getstate()
        actions.append(lambda: random.setstate(state))
    plain_seed = random.Random.seed.__wrapped__
    for reference in notes.unseeded.values():
        generator = reference()
        if generator is not None:
            actions.append(functools.partial(plain_seed, generator))
    if "numpy.random" in sys.modules:
        actions += _numpy_actions(notes)
    torch = sys.modules.get("torch")
    if torch is not None and not notes.torch_is_seeded:
        actions.append(torch.seed)
    return actions


# --- Python ----------------------------------------------------------------------------------------------------------


def _watch_the_global(notes):
    """The functions of the module are methods of a hidden object, bound before anybody could watch its class."""

    def watched(inner, seeds):
        @functools.wraps(inner)
        def call(*args, **kwargs):
            result = inner(*args, **kwargs)
            notes.global_is_seeded = seeds(args, kwargs)
            return result

        return call

    random.seed = watched(random.seed, _has_seed)
    random.setstate = watched(random.setstate, lambda args, kwargs: True)


def _watch_objects(notes):
    import weakref

    plain_seed, plain_setstate = random.Random.seed, random.Random.setstate

    def is_seeded(generator):
        notes.unseeded.pop(id(generator), None)

    @functools.wraps(plain_seed)
    def seed(self, *args, **kwargs):
        plain_seed(self, *args, **kwargs)
        if _has_seed(args, kwargs):
            is_seeded(self)
        else:
            notes.unseeded[id(self)] = weakref.ref(self)

    @functools.wraps(plain_setstate)
    def setstate(self, state):
        plain_setstate(self, state)
        is_seeded(self)

    random.Random.seed, random.Random.setstate = seed, setstate


def _has_seed(args, kwargs):
    return (args[0] if args else kwargs.get("a")) is not None


# --- NumPy -----------------------------------------------------------------------------------------------------------


def _watch_entropy(notes):
    """A SeedSequence without a seed draws its entropy by `secrets.randbits`, which is this method."""

    def watched(inner):
        @functools.wraps(inner)
        def draw(*args):
            value = inner(*args)
            if args[-1:] and isinstance(args[-1], int) and args[-1] >= _BITS_OF_ENTROPY:
                notes.drawn.add(value)
            return value

        return draw

    random.SystemRandom.getrandbits = watched(random.SystemRandom.getrandbits)
    for name in ("secrets", "numpy.random.bit_generator"):  # where it was bound before
        module = sys.modules.get(name)
        if module is not None:
            module.randbits = watched(module.randbits)


def _numpy_actions(notes):
    numpy_random = sys.modules["numpy.random"]
    actions = []
    hidden = numpy_random.mtrand._rand._bit_generator  # that of the functions of numpy.random
    if _seed_sequence(hidden) is not None:
        actions.append(numpy_random.seed)
    others = notes.drawn - {getattr(_seed_sequence(hidden), "entropy", None)}
    if others:
        for generator in _bit_generators(numpy_random):
            if generator is not hidden and _is_unseeded(generator, others):
                actions.append(functools.partial(_seed_anew, generator))
    return actions


def _bit_generators(numpy_random):
    import gc

    return [o for o in gc.get_objects() if isinstance(o, numpy_random.BitGenerator)]


def _seed_sequence(generator):
    """What a bit generator was seeded by; None when it was seeded as numpy.random.seed does."""
    return getattr(generator, "_seed_seq", None)


def _is_unseeded(generator, drawn):
    sequence = _seed_sequence(generator)
    entropy = getattr(sequence, "entropy", None)
    if not isinstance(entropy, int) or entropy not in drawn:
        return False
    # A state that was set by hand is a seed, too. What the numbers that were drawn do not change tells of it.
    as_seeded = type(generator)(sequence).state
    return _constants(generator.state) == _constants(as_seeded)


def _constants(state):
    """Of a bit generator's state, what drawing numbers leaves as it is."""
    inner = state.get("state")
    if not isinstance(inner, dict):
        return None
    if "inc" in inner:  # PCG64
        return inner["inc"]
    key = inner.get("key")
    return key.tolist() if state.get("bit_generator") == "Philox" and key is not None else None


def _seed_anew(generator):
    generator.state = type(generator)().state


# --- torch -----------------------------------------------------------------------------------------------------------


def _watch_torch(module, notes):
    for name in ("manual_seed", "manual_seed_all", "set_rng_state", "set_rng_state_all"):
        inner = getattr(module, name, None)
        if inner is not None:
            setattr(module, name, _seeding(inner, notes))
            if getattr(sys.modules.get("torch"), name, None) is inner:
                setattr(sys.modules["torch"], name, getattr(module, name))


def _seeding(inner, notes):
    @functools.wraps(inner)
    def call(*args, **kwargs):
        notes.torch_is_seeded = True
        return inner(*args, **kwargs)

    return call


class _TorchImports:
    """Watches for the modules in which torch is seeded, and then watches those."""

    # A finder without the base classes of importlib.abc: they take longer to import than all else.

    def __init__(self, notes):
        self._notes = notes

    def find_spec(self, name, path=None, target=None):
        if name not in ("torch.random", "torch.cuda.random"):
            return None
        from importlib.machinery import PathFinder

        spec = PathFinder.find_spec(name, path)
        if spec is not None and spec.loader is not None:
            spec.loader.exec_module = self._watched(spec.loader.exec_module)
        return spec

    def _watched(self, inner):
        def exec_module(module):
            inner(module)
            _watch_torch(module, self._notes)

        return exec_module


# --- before the hook -------------------------------------------------------------------------------------------------


def _made_before():
    """What the flow's own modules made before they imported us and may be unseeded, in words."""
    main = sys.modules.get("__main__")
    file = getattr(main, "__file__", None)
    if file is None:
        return ""
    folder = os.path.dirname(os.path.abspath(file)) + os.sep
    bit_generator = getattr(sys.modules.get("numpy.random"), "BitGenerator", ())
    for module in list(sys.modules.values()):
        if module is not main and not str(getattr(module, "__file__", None) or "").startswith(folder):
            continue
        if _is_of_a_library(module):
            continue
        for name, value in list(vars(module).items()):
            inner = getattr(value, "bit_generator", None) or getattr(value, "_bit_generator", None) or value
            early = type(value) is random.Random or (
                bit_generator and isinstance(inner, bit_generator) and _may_be_unseeded(inner)
            )
            if early:
                return f"the generator {name} was made before metaflow was imported, and may be unseeded"
    torch = sys.modules.get("torch")
    if torch is not None and getattr(torch, "initial_seed", lambda: 0)() != _TORCH_UNSEEDED:
        _notes["all"].torch_is_seeded = True
    return ""


def _is_of_a_library(module):
    return any(part in str(getattr(module, "__file__", "")) for part in ("site-packages", "dist-packages"))


def _may_be_unseeded(generator):
    entropy = getattr(_seed_sequence(generator), "entropy", None)
    return isinstance(entropy, int) and entropy.bit_length() > 64
