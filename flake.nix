{
  description = "Write a plain function once; run it on AWS Lambda, Google Cloud, Azure Functions and any container";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "aarch64-darwin"
      ];
      forEachSystem = build: nixpkgs.lib.genAttrs systems (system: build nixpkgs.legacyPackages.${system});
      workspace = (builtins.fromTOML (builtins.readFile ./Cargo.toml)).workspace;

      package =
        pkgs:
        pkgs.rustPlatform.buildRustPackage {
          pname = "cargo-polyfn";
          version = workspace.package.version;
          src = self;
          cargoLock.lockFile = ./Cargo.lock;
          cargoBuildFlags = [ "--package=cargo-polyfn" ];
          cargoTestFlags = [ "--package=cargo-polyfn" ];
          meta = {
            description = "The cargo subcommand of polyfn";
            license = with pkgs.lib.licenses; [
              mit
              asl20
            ];
            mainProgram = "cargo-polyfn";
            platforms = systems;
          };
        };

      # The same sources and vendored crates, with another command in place of the build.
      check =
        pkgs: name: command:
        (package pkgs).overrideAttrs (old: {
          pname = "polyfn-${name}";
          nativeBuildInputs = old.nativeBuildInputs ++ [
            pkgs.clippy
            pkgs.rustfmt
          ];
          buildPhase = command;
          doCheck = false;
          installPhase = "touch $out";
        });
    in
    {
      packages = forEachSystem (pkgs: {
        default = package pkgs;
      });

      apps = forEachSystem (pkgs: {
        default = {
          type = "app";
          program = "${package pkgs}/bin/cargo-polyfn";
        };
      });

      checks = forEachSystem (pkgs: {
        package = package pkgs;
        fmt = check pkgs "fmt" "cargo fmt --all --check";
        clippy = check pkgs "clippy" "cargo clippy --offline --workspace --all-features --all-targets -- -D warnings";
        tests = check pkgs "tests" "cargo test --offline --workspace";
      });

      devShells = forEachSystem (pkgs: {
        default = pkgs.mkShell {
          inputsFrom = [ (package pkgs) ];
          packages = [
            pkgs.cargo-deny
            pkgs.clippy
            pkgs.rust-analyzer
            pkgs.rustfmt
            pkgs.typos
          ];
        };
      });

      formatter = forEachSystem (pkgs: pkgs.nixfmt-rfc-style);
    };
}
