"""What custom decorators and mutators have in common: where they are written, and arguments that wait for configs."""

import inspect
import os
import traceback
import types

from backlot import source_location
from backlot.config import wrapped
from backlot.delayed import resolved, resolved_attributes
from backlot.exception import MetaflowException
from backlot.user_decorators import names


class CustomDecoratorFailed(MetaflowException):
    headline = "Custom decorator failed"


class DecoratorMisused(MetaflowException):
    """Told as it is: no other decorator may take it for a failure of the step."""

    headline = "Custom decorator misused"


class CustomMeta(type):
    """Classes that stand above a step or flow with and without parentheses, and that are known by their names."""

    _is_for_flows = False

    def __init__(cls, name, bases, body):
        super().__init__(name, bases, body)
        cls.decorator_name = f"{cls.__module__}.{name}"
        if not cls.__module__.startswith("backlot."):
            names.note(cls, cls._is_for_flows)

    def __call__(cls, *args, **kwargs):
        if len(args) == 1 and not kwargs and cls._is_target(args[0]):
            return super().__call__()(args[0])
        is_flow = len(args) == 1 and isinstance(args[0], type) and hasattr(args[0], "_step_functions")
        if is_flow or (len(args) == 1 and inspect.isroutine(args[0]) and not cls._takes_positional()):
            return super().__call__()(args[0])  # which says that it stands at the wrong place
        return super().__call__(*args, **kwargs)

    def __str__(cls):
        return f"{cls.__name__}({cls.decorator_name})"

    @classmethod
    def all_decorators(mcs):
        """The classes of this kind by their shortest names."""
        return {name: names.find(name, mcs._is_for_flows) for name in names.known(mcs._is_for_flows)}

    @classmethod
    def get_decorator_by_name(mcs, decorator_name):
        return names.find(decorator_name, mcs._is_for_flows)

    @classmethod
    def get_decorator_name(mcs, decorator_type):
        """The shortest name of a class; None when it is no custom decorator."""
        return names.short(decorator_type) if isinstance(decorator_type, CustomMeta) else None


class Custom(metaclass=CustomMeta):
    _given_arguments: tuple = None  # type: ignore[assignment]
    _is_begun = False
    _inserted_by = None
    _statically_defined = True

    def __init__(self, *args, **kwargs):
        self._given_arguments = args, kwargs
        self._written_at = source_location.of_caller()

    @classmethod
    def _is_target(cls, thing):
        """Whether a decorator of this kind may stand above it."""
        return getattr(thing, "is_step", False)

    def init(self, *args, **kwargs):
        """Takes the arguments. Authors write their own, instead of `__init__`."""

    def add_to_package(self):
        """Files that a code package would take along. There are no code packages here, so nobody calls it."""
        return []

    def get_args_kwargs(self):
        args, kwargs = self._given_arguments
        return list(args), dict(kwargs)

    def _graph_data(self):
        """What is kept of it in a run's `_graph_info`."""
        args, kwargs = self.get_args_kwargs()
        return {
            "name": names.short(type(self)) if type(self)._is_for_flows else self.decorator_name,
            "attributes": {"_args": args, **kwargs},
            "statically_defined": self._statically_defined, "inserted_by": self._inserted_by,
        }  # fmt: skip

    @classmethod
    def _takes_arguments(cls):
        return not getattr(cls.init, "_takes_nothing", False)

    @classmethod
    def _takes_positional(cls):
        return cls._takes_arguments()

    def _failure(self, text, kind=MetaflowException):
        if self._written_at is None:  # it was asked for on the command line
            return kind(text)
        file, line = self._written_at
        return kind(text, line, os.path.basename(file))

    def _begin_with(self, configs):
        """Calls `init`, once, with arguments in which every config has become its value."""
        if self._is_begun:
            return
        self._is_begun = True
        args, kwargs = self._given_arguments
        if (args or kwargs) and not self._takes_arguments():
            raise self._failure(f"{type(self)} is used with arguments but does not implement init.")
        self._given_arguments = resolved(args, configs, wrapped), resolved_attributes(kwargs, configs, wrapped)
        args, kwargs = self._given_arguments
        self._call_authors(self.init, *args, **kwargs)

    def _call_authors(self, method, *args, **kwargs):
        """Calls a method of the author's before the run. What it raises is told with the line that raised."""
        try:
            return method(*args, **kwargs)
        except MetaflowException:
            raise
        except Exception as error:
            frames = without_ours(error.__traceback__)
            told = "".join(traceback.format_exception(type(error), error, frames))
            text = f"{type(self).__name__}.{method.__name__} raised an exception:\n\n{told}"
            if frames is None:  # it could not even be called
                raise self._failure(text, CustomDecoratorFailed) from None
            last = traceback.extract_tb(frames)[-1]
            raise CustomDecoratorFailed(text, last.lineno, os.path.basename(last.filename)) from None


Custom.init._takes_nothing = True  # type: ignore[attr-defined]


def checked(decorator):
    """The same; raises when its author's `__init__` kept it from noting where it stands."""
    if decorator._given_arguments is None:
        file, line = source_location.of_caller()
        text = f"{type(decorator)} has an `__init__` of its own. Call it `init` instead."
        raise MetaflowException(text, line, os.path.basename(file))
    return decorator


def without_ours(frames):
    """The same traceback with the author's frames only."""
    if frames is None:
        return None
    rest = without_ours(frames.tb_next)
    if source_location.is_ours(frames.tb_frame.f_code.co_filename):
        return rest
    return types.TracebackType(rest, frames.tb_frame, frames.tb_lasti, frames.tb_lineno)
