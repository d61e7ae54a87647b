// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {SafeERC20, IERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Errors} from "./Errors.sol";
import {Module} from "./Module.sol";

/// @title Keeps the protocol fees of finished jobs and burns a part of each
contract FeePool is Module {
    using SafeERC20 for IERC20;

    ERC20Burnable public immutable token;
    address public stakeManager;
    address public treasury;
    /// @notice Whole percent of each fee that is burnt.
    uint256 public burnPct;
    /// @notice Base units that wait for distribution.
    uint256 public pendingFees;

    event FeeDeposited(address indexed from, uint256 amount);
    event FeesBurned(address indexed caller, uint256 amount);
    event FeesDistributed(address indexed to, uint256 amount);
    event BurnPctUpdated(uint256 pct);
    event TreasuryUpdated(address indexed treasury);

    constructor(address governance, address forwarder, ERC20Burnable token_, uint256 burnPct_)
        Module(governance, forwarder)
    {
        if (burnPct_ > 100) revert Errors.InvalidPercentages();
        token = token_;
        burnPct = burnPct_;
    }

    /// @notice Books a fee that the stake manager has just transferred here, and burns its part (floor).
    /// Errors: OnlyStakeManager.
    /// @param amount Base units, 0 is nothing to do.
    function depositFee(uint256 amount) external {
        if (_msgSender() != stakeManager) revert Errors.OnlyStakeManager();
        uint256 burnt = (amount * burnPct) / 100;
        pendingFees += amount - burnt;
        emit FeeDeposited(_msgSender(), amount);
        if (burnt == 0) return;
        token.burn(burnt);
        emit FeesBurned(_msgSender(), burnt);
    }

    /// @notice Sends the pending fees to the treasury; anyone may call. Errors: InvalidTreasury, InvalidAmount.
    function distributeFees() external whenNotPaused {
        if (treasury == address(0)) revert Errors.InvalidTreasury();
        uint256 amount = pendingFees;
        if (amount == 0) revert Errors.InvalidAmount();
        pendingFees = 0;
        IERC20(address(token)).safeTransfer(treasury, amount);
        emit FeesDistributed(treasury, amount);
    }

    /// @notice Names the only depositor. Errors: NotGovernance.
    function setStakeManager(address account) external onlyOwner {
        stakeManager = account;
    }

    /// @notice Sets the burnt part of each fee in whole percent, 0 to 100. Errors: NotGovernance, InvalidPercentages.
    function setBurnPct(uint256 pct) external onlyOwner {
        if (pct > 100) revert Errors.InvalidPercentages();
        burnPct = pct;
        emit BurnPctUpdated(pct);
    }

    /// @notice Names the receiver of distributed fees. Errors: NotGovernance.
    function setTreasury(address account) external onlyOwner {
        treasury = account;
        emit TreasuryUpdated(account);
    }
}
