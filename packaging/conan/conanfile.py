"""libxq for Conan 2: `conan create packaging/conan`, in the repository or in the source archive, which needs no network."""

import os
import re
import shlex

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.build import cross_building
from conan.tools.env import Environment
from conan.tools.files import copy, load, rm, rmdir

required_conan_version = ">=2.0"


class LibxqConan(ConanFile):
    name = "libxq"
    description = "The XQ subscription API as a C library"
    license = ("MIT", "Apache-2.0")
    topics = ("xq", "encryption")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "sockets": [True, False]}
    default_options = {"shared": False, "sockets": True}
    # Cargo builds beside it.
    no_copy_source = True

    def set_version(self):
        text = load(self, os.path.join(self.recipe_folder, "..", "..", "Cargo.toml"))
        self.version = re.search(r'^version = "(.+)"', text, re.MULTILINE)[1]

    def export_sources(self):
        root = os.path.join(self.recipe_folder, "..", "..")
        # What was built there is not exported, or each `conan create` would be of another recipe.
        built = ("target/*", "examples-*/build/*", "packaging/conan/test_package/build/*", "*__pycache__*", "*CMakeUserPresets.json")
        copy(self, "*", root, self.export_sources_folder, excludes=("fuzz/*", ".git", ".git/*", *built))

    def configure(self):
        # A C library, whatever compiles the program.
        self.settings.rm_safe("compiler.libcxx")
        self.settings.rm_safe("compiler.cppstd")

    def package_id(self):
        # Cargo's release profile builds it, for each of them.
        del self.info.settings.build_type
        del self.info.settings.compiler

    def validate(self):
        if self.settings.os not in ("Linux", "FreeBSD", "Macos"):
            raise ConanInvalidConfiguration(f"os={self.settings.os}: expected Linux, FreeBSD or Macos")
        if cross_building(self):
            raise ConanInvalidConfiguration("it is built for another system: expected the same, or `make install TARGET=...`")

    def _make(self, goal):
        environment = Environment()
        # Where CARGO_TARGET_DIR is set, what is built there already is taken.
        environment.define("CARGO_TARGET_DIR", os.environ.get("CARGO_TARGET_DIR", os.path.join(self.build_folder, "target")))
        with environment.vars(self).apply():
            sockets = int(bool(self.options.sockets))
            self.run(
                f'make -C "{self.source_folder}" {goal} SOCKETS={sockets} PREFIX="{self.package_folder}" '
                f'LIBDIR="{self.package_folder}/lib" INCLUDEDIR="{self.package_folder}/include" DESTDIR='
            )

    def build(self):
        self._make("build")

    def package(self):
        self._make("install")
        for name in ["libxq.a"] if self.options.shared else ["libxq.so*", "libxq*.dylib"]:
            rm(self, name, os.path.join(self.package_folder, "lib"))
        # Conan writes its own.
        rmdir(self, os.path.join(self.package_folder, "lib", "cmake"))
        rmdir(self, os.path.join(self.package_folder, "share"))
        copy(self, "LICENSE-*", self.source_folder, os.path.join(self.package_folder, "licenses"))
        copy(self, "THIRD-PARTY*", self.source_folder, os.path.join(self.package_folder, "licenses"))

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "xq")
        self.cpp_info.set_property("cmake_target_name", "xq::xq")
        self.cpp_info.set_property("pkg_config_name", "xq")
        self.cpp_info.libs = ["xq"]
        if not self.options.shared:
            # What make install has found out: -lNAME, and -framework NAME.
            private = re.search(r"^Libs\.private:(.*)", load(self, f"{self.package_folder}/lib/pkgconfig/xq.pc"), re.MULTILINE)
            words = shlex.split(private[1])
            self.cpp_info.system_libs = [word[2:] for word in words if word.startswith("-l")]
            self.cpp_info.frameworks = [name for flag, name in zip(words, words[1:]) if flag == "-framework"]
