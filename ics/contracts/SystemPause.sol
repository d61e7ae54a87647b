// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import {Context} from "@openzeppelin/contracts/utils/Context.sol";
import {Errors} from "./Errors.sol";
import {IPausable} from "./Interfaces.sol";
import {Relayed} from "./Relayed.sol";

/// @title One brake for all modules; each must name this contract as its pauser
contract SystemPause is Ownable, Relayed {
    IPausable[] public modules;

    constructor(address governance, address forwarder, IPausable[] memory modules_)
        Ownable(governance)
        Relayed(forwarder)
    {
        modules = modules_;
    }

    /// @notice Pauses every module that still runs. Errors: NotGovernance.
    function pauseAll() external onlyOwner {
        for (uint256 i = 0; i < modules.length; i++) {
            if (!modules[i].paused()) modules[i].pause();
        }
    }

    /// @notice Lets every paused module run again. Errors: NotGovernance.
    function unpauseAll() external onlyOwner {
        for (uint256 i = 0; i < modules.length; i++) {
            if (modules[i].paused()) modules[i].unpause();
        }
    }

    function _checkOwner() internal view override {
        if (_msgSender() != owner()) revert Errors.NotGovernance();
    }

    function _msgSender() internal view override(Context, ERC2771Context) returns (address) {
        return ERC2771Context._msgSender();
    }

    function _msgData() internal view override(Context, ERC2771Context) returns (bytes calldata) {
        return ERC2771Context._msgData();
    }

    function _contextSuffixLength() internal view override(Context, ERC2771Context) returns (uint256) {
        return ERC2771Context._contextSuffixLength();
    }
}
