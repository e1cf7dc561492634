#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Test taking things out of source by name."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

import baseline                                         # noqa: E402
import csource                                          # noqa: E402

FILE = """#include <linux/a.h>
#include <linux/b.h>

/* What goes. */
static int gone __initdata = 1;
int kept;

#ifdef CONFIG_X
/* goes too */
int gone_too(void)
{
	return '}';
}
EXPORT_SYMBOL(gone_too);
#endif

struct s {
	int a;	/* of s */
	int b;
};

static const char *names[] = { "gone", "kept" };
"""


def make_function(text):
    return f'int f(int a)\n{{\n{text}}}\n'


def inside(text, *words):
    new, missing = baseline.cut_inside(make_function(text), ['f', *words])
    return new[len('int f(int a)\n{\n'):-2], missing


class Definitions(unittest.TestCase):
    def cut(self, *names):
        return baseline.cut_definitions(FILE, list(names))

    def test_variable_takes_its_comment(self):
        new, missing = self.cut('gone')
        self.assertNotIn('gone __initdata', new)
        self.assertNotIn('What goes', new)
        self.assertIn('\n\nint kept;', new)
        self.assertEqual(missing, [])

    def test_function_export_and_empty_conditional(self):
        new, _ = self.cut('gone_too')
        self.assertNotIn('gone_too', new)
        self.assertNotIn('CONFIG_X', new)
        self.assertIn('int kept;\n\nstruct s', new)

    def test_include_goes_or_is_swapped(self):
        self.assertNotIn('a.h', self.cut('<linux/a.h>')[0])
        new, _ = self.cut('<linux/a.h>=<linux/c.h>')
        self.assertTrue(new.startswith('#include <linux/c.h>\n#include'))

    def test_what_is_missing_is_named(self):
        self.assertEqual(self.cut('nobody', 'maybe?')[1], ['nobody'])
        self.assertEqual(self.cut('<linux/z.h>=<linux/c.h>')[1],
                         ['<linux/z.h>'])


class Inside(unittest.TestCase):
    def test_statement(self):
        self.assertEqual(inside('\ta();\n\tgone(a);\n\tb();\n', 'gone'),
                         ('\ta();\n\tb();\n', []))

    def test_if_goes_with_what_it_controls(self):
        self.assertEqual(inside('\tif (gone())\n\t\ta();\n\tb();\n', 'gone'),
                         ('\tb();\n', []))

    def test_empty_branch_takes_its_if(self):
        self.assertEqual(inside('\tif (a)\n\t\tgone();\n\tb();\n', 'gone'),
                         ('\tb();\n', []))
        self.assertEqual(
            inside('\tif (a) {\n\t\tgone();\n\t}\n\tb();\n', 'gone'),
            ('\tb();\n', []))

    def test_empty_else(self):
        new, _ = inside('\tif (a)\n\t\tb();\n\telse\n\t\tgone();\n', 'gone')
        self.assertEqual(new.split(), 'if (a) b();'.split())

    def test_following(self):
        self.assertEqual(
            inside('\tr = gone();\n\tif (r)\n\t\treturn r;\n\tb();\n',
                   '&gone'), ('\tb();\n', []))

    def test_decided(self):
        text = '\tif (a == X) {\n\t\tb();\n\t} else {\n\t\tc();\n\t}\n'
        self.assertEqual(inside(text, '!X'), ('\tc();\n', []))
        self.assertEqual(inside(text, '=X'), ('\tb();\n', []))
        self.assertEqual(inside('\tif (!x)\n\t\tb();\n', '!x'),
                         ('\tb();\n', []))

    def test_case_of_a_switch(self):
        text = ('\tswitch (a) {\n\tcase X:\n\t\tb();\n\t\tbreak;\n'
                '\tcase Y:\n\t\tc();\n\t\tbreak;\n\t}\n')
        self.assertEqual(inside(text, '=X'), ('\tb();\n', []))
        new, _ = inside(text, '!X')
        self.assertNotIn('b()', new)
        self.assertIn('c()', new)

    def test_operand(self):
        self.assertEqual(inside('\tif (a && gone(b, 1))\n\t\tc();\n',
                                '~gone'), ('\tif (a)\n\t\tc();\n', []))
        self.assertEqual(inside('\treturn gone | b;\n', '~gone'),
                         ('\treturn b;\n', []))

    def test_label(self):
        self.assertEqual(inside('\tb();\nout:\n\tc();\nend:\n\td();\n',
                                'out:'), ('\tb();\nend:\n\td();\n', []))

    def test_members_and_elements(self):
        self.assertNotIn('of s', baseline.cut_inside(FILE, ['s', 'a'])[0])
        self.assertIn('{ "kept" }',
                      baseline.cut_inside(FILE, ['names', '"gone"'])[0])

    def test_strings_and_comments_do_not_count(self):
        text = '\ta("gone"); /* gone */\n'
        self.assertEqual(inside(text, 'gone')[1], ['gone in f'])

    def test_unbalanced_is_an_error(self):
        with self.assertRaises(csource.ParseError):
            csource.match_pair('(', 0)


class Others(unittest.TestCase):
    def test_kconfig(self):
        text = ('config A\n\tbool\n\tselect B\n\nconfig B\n\tbool\n'
                '\thelp\n\t  x\n\nconfig C\n\tdepends on D && B\n')
        self.assertEqual(baseline.cut_kconfig(text, ['B']),
                         ('config A\n\tbool\n\n'
                          'config C\n\tdepends on D\n', []))

    def test_makefile(self):
        text = 'obj-y += a.o b.o\nobj-$(CONFIG_X) += c.o\n'
        self.assertEqual(baseline.cut_makefile(text, ['a.o', 'c.o']),
                         ('obj-y += b.o\n', []))

    def test_text_entry(self):
        text = '\ta=\tone\n\t\tmore\n\n\tb=\ttwo\n'
        self.assertEqual(baseline.cut_text(text, ['entry', 'a='])[0],
                         '\tb=\ttwo\n')

    def test_paths(self):
        self.assertEqual(baseline.expand('a/{b,c}.h'), ['a/b.h', 'a/c.h'])


if __name__ == '__main__':
    unittest.main()
