// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {IERC20, SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {Errors} from "./Errors.sol";
import {Module} from "./Module.sol";

/// @title Stakes of agents (role 0), validators (1) and platforms (2)
/// @dev The half of the stake manager that users call. All amounts are base units (10^-18).
abstract contract StakeVault is Module, ReentrancyGuard {
    using SafeERC20 for IERC20;

    uint8 internal constant ROLES = 3;

    ERC20Burnable public immutable token;
    /// @notice The least stake in a role that has no minimum of its own.
    uint256 public minStake;
    mapping(uint8 role => uint256) private _roleMinimum;
    mapping(address user => mapping(uint8 role => uint256)) private _stakes;
    /// @notice The part of an agent's stake that running jobs hold.
    mapping(address user => uint256) public lockedStakes;

    event StakeDeposited(address indexed user, uint8 indexed role, uint256 amount);
    event StakeWithdrawn(address indexed user, uint8 indexed role, uint256 amount);
    event StakeTimeLocked(address indexed user, uint256 amount, uint64 unlockTime);
    event StakeUnlocked(address indexed user, uint256 amount);
    event MinStakeUpdated(uint256 minStake);
    event RoleMinimumUpdated(uint8 indexed role, uint256 minimum);

    constructor(ERC20Burnable token_, uint256 minStake_) {
        token = token_;
        minStake = minStake_;
    }

    /// @notice Moves the caller's tokens into his stake; needs an approval of `amount` to this contract.
    /// Errors: InvalidRole, InvalidAmount, BelowMinimumStake, ERC20InsufficientAllowance, ERC20InsufficientBalance.
    /// @param role 0 agent, 1 validator, 2 platform.
    /// @param amount Base units, above 0.
    function depositStake(uint8 role, uint256 amount) external whenNotPaused nonReentrant {
        _checkRole(role);
        if (amount == 0) revert Errors.InvalidAmount();
        uint256 total = _stakes[_msgSender()][role] + amount;
        if (total < roleMinimumStake(role)) revert Errors.BelowMinimumStake();
        _stakes[_msgSender()][role] = total;
        IERC20(address(token)).safeTransferFrom(_msgSender(), address(this), amount);
        emit StakeDeposited(_msgSender(), role, amount);
    }

    /// @notice Returns unlocked stake to the caller at once; what stays must be nothing or the minimum.
    /// Errors: InvalidRole, InvalidAmount, NoStake, InsufficientStake, InsufficientLocked, BelowMinimumStake.
    /// @param role 0 agent, 1 validator, 2 platform.
    /// @param amount Base units, above 0.
    function withdrawStake(uint8 role, uint256 amount) external whenNotPaused nonReentrant {
        _checkRole(role);
        if (amount == 0) revert Errors.InvalidAmount();
        uint256 staked = _stakes[_msgSender()][role];
        if (staked == 0) revert Errors.NoStake();
        if (staked < amount) revert Errors.InsufficientStake();
        uint256 rest = staked - amount;
        if (role == 0 && rest < lockedStakes[_msgSender()]) revert Errors.InsufficientLocked();
        if (rest != 0 && rest < roleMinimumStake(role)) revert Errors.BelowMinimumStake();
        _stakes[_msgSender()][role] = rest;
        IERC20(address(token)).safeTransfer(_msgSender(), amount);
        emit StakeWithdrawn(_msgSender(), role, amount);
    }

    /// @notice Stake of an account in a role, base units; 0 for an unknown role.
    function stakeOf(address user, uint8 role) public view returns (uint256) {
        return _stakes[user][role];
    }

    /// @notice The least stake that a role may hold, base units.
    function roleMinimumStake(uint8 role) public view returns (uint256) {
        uint256 own = _roleMinimum[role];
        return own == 0 ? minStake : own;
    }

    /// @notice Sets the general minimum stake in base units. Errors: NotGovernance.
    function setMinStake(uint256 amount) external onlyOwner {
        minStake = amount;
        emit MinStakeUpdated(amount);
    }

    /// @notice Sets one role's own minimum in base units; 0 falls back to the general one.
    /// Errors: NotGovernance, InvalidRole.
    function setRoleMinimum(uint8 role, uint256 amount) external onlyOwner {
        _checkRole(role);
        _roleMinimum[role] = amount;
        emit RoleMinimumUpdated(role, amount);
    }

    function _checkRole(uint8 role) internal pure {
        if (role >= ROLES) revert Errors.InvalidRole();
    }

    function _lock(address user, uint256 amount, uint64 until) internal {
        if (_stakes[user][0] < lockedStakes[user] + amount) revert Errors.InsufficientStake();
        lockedStakes[user] += amount;
        emit StakeTimeLocked(user, amount, until);
    }

    function _unlock(address user, uint256 amount) internal {
        if (lockedStakes[user] < amount) revert Errors.InsufficientLocked();
        lockedStakes[user] -= amount;
        emit StakeUnlocked(user, amount);
    }

    /// @dev Takes at most what is there, so that a slash never blocks the end of a job.
    function _takeStake(address user, uint8 role, uint256 amount) internal returns (uint256 taken) {
        uint256 staked = _stakes[user][role];
        taken = amount < staked ? amount : staked;
        _stakes[user][role] = staked - taken;
    }
}
