"""Modules (``mx.mod``): networks that can be trained."""

from __future__ import annotations

from paratrain.module.base_module import BaseModule as BaseModule
from paratrain.module.bucketing_module import BucketingModule as BucketingModule
from paratrain.module.executor_group import DataParallelExecutorGroup as DataParallelExecutorGroup
from paratrain.module.module import Module as Module

__all__ = ["BaseModule", "BucketingModule", "DataParallelExecutorGroup", "Module"]
