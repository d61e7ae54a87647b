// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import {Context} from "@openzeppelin/contracts/utils/Context.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {Errors} from "./Errors.sol";
import {Relayed} from "./Relayed.sol";

/// @title What every module shares: governance, a brake, and meta-transactions
abstract contract Module is Ownable, Pausable, Relayed {
    /// @notice The account beside governance that may pause and unpause (SystemPause).
    address public pauser;

    event PauserUpdated(address indexed pauser);

    constructor(address governance, address forwarder) Ownable(governance) Relayed(forwarder) {}

    /// @notice Names the account beside governance that may pause. Errors: NotGovernance.
    /// @param account Address, zero for none.
    function setPauser(address account) external onlyOwner {
        pauser = account;
        emit PauserUpdated(account);
    }

    /// @notice Stops every state-changing user call. Errors: NotGovernance, EnforcedPause.
    function pause() external {
        _checkPauser();
        _pause();
    }

    /// @notice Lets calls through again. Errors: NotGovernance, ExpectedPause.
    function unpause() external {
        _checkPauser();
        _unpause();
    }

    function _checkPauser() internal view {
        if (_msgSender() != owner() && _msgSender() != pauser) revert Errors.NotGovernance();
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
