// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Errors} from "./Errors.sol";
import {IPausable} from "./Interfaces.sol";

/// @title One brake for all modules; each must name this contract as its pauser
contract SystemPause is Ownable {
    IPausable[] public modules;

    constructor(address governance, IPausable[] memory modules_) Ownable(governance) {
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
}
