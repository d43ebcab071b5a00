"""The ``paratrain`` command: start ranks, pack images, check the machine, look into files.

Nothing here needs the engine at import, so ``paratrain --help`` is quick and ``paratrain doctor``
still answers when the engine does not load.
"""
