"""Where the time goes: traces with a lane for each rank and thread, and tables of every operator and node.

Examples
--------
>>> import paratrain as mx
>>> mx.profiler.set_config(filename='profile.json')
>>> mx.profiler.start()
>>> y = mx.nd.dot(mx.nd.ones((8, 8)), mx.nd.ones((8, 8)))
>>> mx.profiler.stop()
>>> print(mx.profiler.dumps(reset=True))
Profile
...
dot ...
"""

from paratrain.profiler.control import dump as dump
from paratrain.profiler.control import dump_profile as dump_profile
from paratrain.profiler.control import dumps as dumps
from paratrain.profiler.control import pause as pause
from paratrain.profiler.control import profiler_set_config as profiler_set_config
from paratrain.profiler.control import profiler_set_state as profiler_set_state
from paratrain.profiler.control import resume as resume
from paratrain.profiler.control import set_config as set_config
from paratrain.profiler.control import set_state as set_state
from paratrain.profiler.control import start as start
from paratrain.profiler.control import stop as stop
from paratrain.profiler.machine import MachineLimits as MachineLimits
from paratrain.profiler.machine import machine_limits as machine_limits
from paratrain.profiler.objects import Counter as Counter
from paratrain.profiler.objects import Domain as Domain
from paratrain.profiler.objects import Event as Event
from paratrain.profiler.objects import Frame as Frame
from paratrain.profiler.objects import Marker as Marker
from paratrain.profiler.objects import Task as Task
from paratrain.profiler.program import ProgramProfile as ProgramProfile
from paratrain.profiler.rows import Row as Row
