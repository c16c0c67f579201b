"""Random numbers in tasks: what the flow's module seeded goes on from there, what it did not is drawn anew in each task.

Python's and NumPy's generators that were made without a seed are told from the others by what a hook notes while the
flow's module runs. It has to be there before: what was made earlier and may be unseeded asks for fresh processes.
"""

import functools
import gc
import os
import sys
from _weakref import ref  # `weakref` takes longer to import than all else

_IS_FIRST = "random" not in sys.modules  # then nobody has made or seeded a generator: numpy and torch import it, too
import random  # noqa: E402

_TORCH_UNSEEDED = 67280421310721  # torch.initial_seed() where nobody seeded: torch's default_rng_seed_val
_BITS_OF_ENTROPY = 128  # what a numpy.random.SeedSequence draws when it is given none

_notes: dict = {}


class _Notes:
    def __init__(self):
        self.global_is_seeded = False  # that of the functions of `random`
        self.numpy_is_seeded = False  # that of the functions of `numpy.random`
        self.unseeded = {}  # weak references to random.Random objects by id
        self.unseeded_states = set()  # that were asked for, and may be set again
        self.drawn = set()  # entropy of the system that was drawn for SeedSequences
        self.torch_is_seeded = False
        self.early = ""  # what was made before the hook was there


def install():
    """From now on it is known who seeds what: called before the flow's module does."""
    if _notes:
        return
    notes = _notes["all"] = _Notes()
    notes.early = "" if _IS_FIRST else _made_before() or _seeded_before()
    _watch_the_global(notes)
    _watch_objects(notes)
    _watch_entropy(notes)
    for name, watch in _WATCHED.items():
        if name in sys.modules:
            watch(sys.modules[name], notes)
    sys.meta_path.insert(0, _Imports(notes))


def reason_for_fresh():
    """What was made unseeded and cannot be seeded anew, in words; empty when there is nothing."""
    return _notes["all"].early or _unseeded_sequence(_notes["all"])


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

    plain_getstate = random.getstate

    @functools.wraps(plain_getstate)
    def getstate():
        state = plain_getstate()
        if not notes.global_is_seeded:
            notes.unseeded_states.add(hash(state))
        return state

    random.seed, random.getstate = watched(random.seed, _has_seed), getstate
    random.setstate = watched(random.setstate, lambda args, kwargs: hash(args[0]) not in notes.unseeded_states)


def _watch_objects(notes):
    kind = random.Random
    plain_seed, plain_setstate, plain_getstate = kind.seed, kind.setstate, kind.getstate

    def note(generator, seeded):
        if seeded:
            notes.unseeded.pop(id(generator), None)
        else:
            notes.unseeded[id(generator)] = ref(generator)

    @functools.wraps(plain_seed)
    def seed(self, *args, **kwargs):
        plain_seed(self, *args, **kwargs)
        note(self, _has_seed(args, kwargs))

    @functools.wraps(plain_getstate)
    def getstate(self):
        state = plain_getstate(self)
        reference = notes.unseeded.get(id(self))
        if reference is not None and reference() is self:
            notes.unseeded_states.add(hash(state))
        return state

    @functools.wraps(plain_setstate)
    def setstate(self, state):  # also of a copy, and of one that is unpickled
        plain_setstate(self, state)
        note(self, hash(state) not in notes.unseeded_states)

    kind.seed, kind.setstate, kind.getstate = seed, setstate, getstate


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
    if not notes.numpy_is_seeded:
        actions.append(numpy_random.mtrand._rand.seed)
    others = notes.drawn - {getattr(_seed_sequence(hidden), "entropy", None)}
    if others:
        for generator in _bit_generators(numpy_random):
            if generator is not hidden and _is_unseeded(generator, others):
                actions.append(functools.partial(_seed_anew, generator))
    return actions


def _bit_generators(numpy_random):
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
    new = type(generator)()
    try:
        generator.__setstate__((new.state, new.seed_seq))  # what it spawns is made of the sequence
    except (AttributeError, TypeError, ValueError):  # NumPy 1: nothing is spawned
        generator.state = new.state


def _unseeded_sequence(notes):
    """A SeedSequence that was given no seed keeps what it drew: nobody can seed it anew."""
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is None or len(notes.drawn) <= 1:  # that of numpy.random itself
        return ""
    owned = {id(_seed_sequence(g)) for g in _bit_generators(numpy_random)}
    for thing in gc.get_objects():
        if isinstance(thing, numpy_random.SeedSequence) and id(thing) not in owned and thing.entropy in notes.drawn:
            return "a SeedSequence was made without a seed"
    return ""


def _watch_numpy(module, notes):
    """The functions of numpy.random are methods of a hidden object of C."""
    seed, get_state, set_state = module.seed, module.get_state, module.set_state
    notes.numpy_is_seeded = _seed_sequence(module.mtrand._rand._bit_generator) is None  # before anybody watched

    def fingerprint(state):
        values = state.values() if isinstance(state, dict) else state
        return repr([value.tobytes() if hasattr(value, "tobytes") else value for value in _flat(values)])

    @functools.wraps(seed)
    def watched_seed(*args, **kwargs):
        seed(*args, **kwargs)
        notes.numpy_is_seeded = (args[0] if args else kwargs.get("seed")) is not None

    @functools.wraps(get_state)
    def watched_get_state(*args, **kwargs):
        state = get_state(*args, **kwargs)
        if not notes.numpy_is_seeded:
            notes.unseeded_states.add(fingerprint(state))
        return state

    @functools.wraps(set_state)
    def watched_set_state(state):
        set_state(state)
        notes.numpy_is_seeded = fingerprint(state) not in notes.unseeded_states

    module.seed, module.get_state, module.set_state = watched_seed, watched_get_state, watched_set_state


def _flat(values):
    for value in values:
        if isinstance(value, dict):
            yield from _flat(value.values())
        else:
            yield value


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


_WATCHED = {"numpy.random": _watch_numpy, "torch.random": _watch_torch, "torch.cuda.random": _watch_torch}


class _Imports:
    """Watches for the modules in which generators are seeded, and then watches those."""

    # A finder without the base classes of importlib.abc: they take longer to import than all else.

    def __init__(self, notes):
        self._notes = notes

    def find_spec(self, name, path=None, target=None):
        if name not in _WATCHED:
            return None
        from importlib.machinery import PathFinder

        spec = PathFinder.find_spec(name, path)
        if spec is not None and spec.loader is not None:
            spec.loader.exec_module = self._watched(spec.loader.exec_module, _WATCHED[name])
        return spec

    def _watched(self, inner, watch):
        def exec_module(module):
            inner(module)
            watch(module, self._notes)

        return exec_module


# --- before the hook -------------------------------------------------------------------------------------------------


def _made_before():
    """What the flow's own modules made before they imported us and may be unseeded, in words."""
    main = sys.modules.get("__main__")
    file = getattr(main, "__file__", None)
    if file is None:
        return ""
    folder = os.path.dirname(os.path.abspath(file)) + os.sep
    for module in list(sys.modules.values()):
        if module is not main and not str(getattr(module, "__file__", None) or "").startswith(folder):
            continue
        if _is_of_a_library(module):
            continue
        for name, value in list(vars(module).items()):
            if isinstance(value, random.Random) and not isinstance(value, random.SystemRandom):
                return f"the generator {name} was made before metaflow was imported, and may be unseeded"
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        hidden = numpy_random.mtrand._rand._bit_generator
        if any(g is not hidden and _may_be_unseeded(g) for g in _bit_generators(numpy_random)):
            return "a generator of NumPy was made before metaflow was imported, and may be unseeded"
    torch = sys.modules.get("torch")
    if torch is not None and getattr(torch, "initial_seed", lambda: 0)() != _TORCH_UNSEEDED:
        _notes["all"].torch_is_seeded = True
    return ""


def _seeded_before():
    """Whether the flow's file calls a seed before it imports us, in words: what was seeded then, nobody noted."""
    frame = sys._getframe()
    while frame is not None and frame.f_globals.get("__name__") != "__main__":
        frame = frame.f_back
    if frame is None:
        return ""
    try:
        with open(frame.f_code.co_filename, encoding="utf-8", errors="replace") as file:
            lines = [file.readline() for _ in range(frame.f_lineno)]
    except OSError:  # what is typed or piped has no file
        return ""
    # Without `re`, which takes longer to import than all else. A line that only looks like a call costs speed, not truth.
    if any("seed(" in line.partition("#")[0] and not line.lstrip().startswith("def ") for line in lines):
        return "a seed was set before metaflow was imported"
    return ""


def _is_of_a_library(module):
    return any(part in str(getattr(module, "__file__", "")) for part in ("site-packages", "dist-packages"))


def _may_be_unseeded(generator):
    entropy = getattr(_seed_sequence(generator), "entropy", None)
    return isinstance(entropy, int) and entropy.bit_length() > 64
