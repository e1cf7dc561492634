#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Test making a series of patches/, our files and hooks."""
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

import series                                           # noqa: E402
import tree                                             # noqa: E402
import vocabulary                                       # noqa: E402

PATCH = """Subject: a: b

One line
and another.

Test: none.

Signed-off-by: A <a@b>
---
diff --git a/old b/old
--- a/old
+++ b/old
@@ -1,3 +1,4 @@
 1
 2
+new
 3
diff --git a/gone b/gone
--- a/gone
+++ /dev/null
"""


class Patches(unittest.TestCase):
    def test_message_and_hooks(self):
        message, hooks = tree.split_patch(PATCH)
        self.assertTrue(message.endswith('<a@b>\n'))
        self.assertTrue(hooks.startswith('diff --git a/old'))
        self.assertEqual(tree.hooked_paths(PATCH), ['gone', 'old'])

    def test_no_hooks(self):
        message, hooks = tree.split_patch(PATCH.split('---\n')[0])
        self.assertTrue(message.endswith('<a@b>\n'))
        self.assertEqual(hooks, '')

    def test_message_is_filled(self):
        self.assertEqual(series.make_message(PATCH, 'x'),
                         'a: b\n\nOne line and another.\n\nTest: none.\n\n'
                         'Signed-off-by: A <a@b>\n')

    def test_message_needs_a_subject_and_a_signature(self):
        for text in ('a: b\n\nSigned-off-by: A <a@b>\n', 'Subject: a\n\nb\n'):
            with self.assertRaises(SystemExit):
                series.make_message(text, 'x')

    def test_series_names_every_patch_once(self):
        names = [patch.name for patch in tree.read_series()]
        there = [path.name for path in tree.PATCHES.glob('*.patch')]
        self.assertEqual(sorted(names), sorted(there))

    def test_every_file_of_ours_comes_once(self):
        files = [tree.MOVED.get(name, name)
                 for patch in tree.read_series() for name in patch.files]
        self.assertEqual(sorted(files), sorted(tree.list_overlay()))


class Vocabulary(unittest.TestCase):
    RULE = vocabulary.Rule('kernel/*', re.compile('kdump_ok', re.I))

    def test_rule_allows_its_word_only(self):
        hits = [vocabulary.Hit('kernel/a.c', 1, 'kdump_ok();'),
                vocabulary.Hit('kernel/a.c', 2, 'kdump_ok(kdump_bad);'),
                vocabulary.Hit('mm/a.c', 3, 'kdump_ok();')]
        used = set()
        left = vocabulary.drop_allowed(hits, ['kdump'], [self.RULE], used)
        self.assertEqual([hit.line for hit in left], [2, 3])
        self.assertEqual(used, {self.RULE})


class GrowingMakefile(unittest.TestCase):
    TEXT = ('# objects\nobj-y += a.o b.o\nobj-$(CONFIG_T) += t.o\n'
            'kd-y := c.o d.o\nobj-y += kd.o\nccflags-y += -Ix\n')

    def grow(self, *names):
        return series.grow_makefile(self.TEXT, 'k/Makefile',
                                    {f'k/{name}' for name in names})

    def test_objects_wait_for_their_sources(self):
        self.assertEqual(self.grow('a.c'),
                         '# objects\nobj-y += a.o\nccflags-y += -Ix\n')

    def test_composite(self):
        self.assertIn('kd-y := d.o\nobj-y += kd.o', self.grow('d.c'))

    def test_whole(self):
        self.assertEqual(self.grow('a.c', 'b.c', 'c.c', 'd.c', 't.c'),
                         self.TEXT)


if __name__ == '__main__':
    unittest.main()
